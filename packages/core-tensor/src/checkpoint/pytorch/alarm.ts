/** Modules whose functions run programs or code, or reach files and networks. */
const MODULES: ReadonlySet<string> = new Set([
  ...['os', 'posix', 'nt', 'posixpath', 'ntpath', 'sys', 'subprocess', 'commands', 'popen2', 'pty', 'platform'],
  ...['importlib', 'imp', 'runpy', 'pkgutil', 'code', 'codeop', 'marshal', 'pickle', '_pickle', 'cPickle', 'dill'],
  ...['shelve', 'types', 'inspect', 'operator', '_operator', 'ctypes', '_ctypes', 'cffi', 'gc', 'atexit', 'signal'],
  ...['bdb', 'pdb', 'profile', 'cProfile', 'timeit', 'trace', 'doctest', 'pip', 'setuptools', 'distutils', 'venv'],
  ...['shutil', 'tempfile', 'glob', 'fileinput', 'linecache', 'io', '_io', 'zipfile', 'tarfile', 'webbrowser'],
  ...['socket', '_socket', 'ssl', 'socketserver', 'http', 'httplib', 'urllib', 'urllib2', 'requests', 'aiohttp'],
  ...['ftplib', 'smtplib', 'telnetlib', 'xmlrpc', 'asyncio', 'multiprocessing', 'threading', '_thread', 'concurrent'],
]);

/** Python's built-in classes and functions that only make a value. */
const HARMLESS: ReadonlySet<string> = new Set([
  ...['object', 'int', 'long', 'float', 'complex', 'bool', 'str', 'unicode', 'bytes', 'bytearray', 'memoryview'],
  ...['list', 'tuple', 'dict', 'set', 'frozenset', 'slice', 'range', 'xrange', 'type', 'property', 'getattr'],
  ...['Ellipsis', 'NotImplemented', 'NoneType', 'print', 'staticmethod', 'classmethod', 'super', 'enumerate', 'zip'],
]);

const OTHERS =
  /^(torch\.(hub|utils\.cpp_extension|jit|package|load|serialization\.load|distributed)\b|numpy\.(testing|f2py|distutils|load)\b)/;

/**
 * True if a function is of those that run code. Nothing in a file is run here, whatever it calls. The name of such a
 * function is still a reason to refuse the file, since other programs would run it, and nobody saves weights that way.
 * @param name module and function: "posix.system"
 */
export function runsCode(name: string): boolean {
  const [module = '', ...rest] = name.split('.', 64);
  if (module === 'builtins' || module === '__builtin__') {
    const [own = ''] = rest;
    return !HARMLESS.has(own) && !/(Error|Exception|Warning|Interrupt|Exit|StopIteration)$/.test(own);
  }
  return MODULES.has(module) || OTHERS.test(name);
}
