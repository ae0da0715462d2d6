;; Inner loops of SSIM, two float64 at once. Addresses and lengths are bytes, lengths multiples of 16.
;; rows.ts holds this module as `npx wat2wasm` compiles it; rows.test.ts compares the two. Everything is written out,
;; since V8 does not inline a function here, and a call per load makes it eight times as slow.
(module
  (memory (export "memory") 1)

  ;; squares[i] = x[i]² + y[i]², products[i] = x[i]·y[i].
  (func (export "multiply")
    (param $squares i32) (param $products i32) (param $length i32) (param $rowX i32) (param $rowY i32)
    (local $i i32) (local $x v128) (local $y v128)
    (loop $next
      (local.set $x (v128.load (i32.add (local.get $rowX) (local.get $i))))
      (local.set $y (v128.load (i32.add (local.get $rowY) (local.get $i))))
      (v128.store
        (i32.add (local.get $squares) (local.get $i))
        (f64x2.add (f64x2.mul (local.get $x) (local.get $x)) (f64x2.mul (local.get $y) (local.get $y))))
      (v128.store
        (i32.add (local.get $products) (local.get $i))
        (f64x2.mul (local.get $x) (local.get $y)))
      (local.set $i (i32.add (local.get $i) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $i) (local.get $length)))))

  ;; sums[i] += fresh[i] − oldest[i], and fresh takes the oldest's place.
  (func (export "renew")
    (param $sums i32) (param $length i32) (param $fresh i32) (param $oldest i32)
    (local $i i32) (local $row v128)
    (loop $next
      (local.set $row (v128.load (i32.add (local.get $fresh) (local.get $i))))
      (v128.store
        (i32.add (local.get $sums) (local.get $i))
        (f64x2.add
          (v128.load (i32.add (local.get $sums) (local.get $i)))
          (f64x2.sub (local.get $row) (v128.load (i32.add (local.get $oldest) (local.get $i))))))
      (v128.store (i32.add (local.get $oldest) (local.get $i)) (local.get $row))
      (local.set $i (i32.add (local.get $i) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $i) (local.get $length)))))

  ;; out[i] = share · (row[i] + … + row[i + span]); span in bytes.
  (func (export "box")
    (param $out i32) (param $length i32) (param $row i32) (param $span i32) (param $share f64)
    (local $i i32) (local $from i32) (local $last i32) (local $sum v128) (local $factor v128)
    (local.set $factor (f64x2.splat (local.get $share)))
    (loop $next
      (local.set $from (i32.add (local.get $row) (local.get $i)))
      (local.set $last (i32.add (local.get $from) (local.get $span)))
      (local.set $sum (v128.load (local.get $from)))
      (loop $more
        (local.set $from (i32.add (local.get $from) (i32.const 8)))
        (local.set $sum (f64x2.add (local.get $sum) (v128.load (local.get $from))))
        (br_if $more (i32.lt_u (local.get $from) (local.get $last))))
      (v128.store
        (i32.add (local.get $out) (local.get $i))
        (f64x2.mul (local.get $factor) (local.get $sum)))
      (local.set $i (i32.add (local.get $i) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $i) (local.get $length)))))

  ;; out[i] = w[0]·m[i] + Σ w[d]·(b[d][i] + a[d][i]), d = 1 … 5: eleven rows weighted alike on both sides of the middle.
  (func (export "blend")
    (param $out i32) (param $length i32) (param $weights i32)
    (param $b5 i32) (param $b4 i32) (param $b3 i32) (param $b2 i32) (param $b1 i32) (param $m i32)
    (param $a1 i32) (param $a2 i32) (param $a3 i32) (param $a4 i32) (param $a5 i32)
    (local $i i32)
    (local $w0 v128) (local $w1 v128) (local $w2 v128) (local $w3 v128) (local $w4 v128) (local $w5 v128)
    (local.set $w0 (v128.load64_splat offset=0 (local.get $weights)))
    (local.set $w1 (v128.load64_splat offset=8 (local.get $weights)))
    (local.set $w2 (v128.load64_splat offset=16 (local.get $weights)))
    (local.set $w3 (v128.load64_splat offset=24 (local.get $weights)))
    (local.set $w4 (v128.load64_splat offset=32 (local.get $weights)))
    (local.set $w5 (v128.load64_splat offset=40 (local.get $weights)))
    (loop $next
      (v128.store
        (i32.add (local.get $out) (local.get $i))
        (f64x2.add
          (f64x2.add
            (f64x2.mul (local.get $w0) (v128.load (i32.add (local.get $m) (local.get $i))))
            (f64x2.mul (local.get $w1)
              (f64x2.add
                (v128.load (i32.add (local.get $b1) (local.get $i)))
                (v128.load (i32.add (local.get $a1) (local.get $i))))))
          (f64x2.add
            (f64x2.add
              (f64x2.mul (local.get $w2)
                (f64x2.add
                  (v128.load (i32.add (local.get $b2) (local.get $i)))
                  (v128.load (i32.add (local.get $a2) (local.get $i)))))
              (f64x2.mul (local.get $w3)
                (f64x2.add
                  (v128.load (i32.add (local.get $b3) (local.get $i)))
                  (v128.load (i32.add (local.get $a3) (local.get $i))))))
            (f64x2.add
              (f64x2.mul (local.get $w4)
                (f64x2.add
                  (v128.load (i32.add (local.get $b4) (local.get $i)))
                  (v128.load (i32.add (local.get $a4) (local.get $i)))))
              (f64x2.mul (local.get $w5)
                (f64x2.add
                  (v128.load (i32.add (local.get $b5) (local.get $i)))
                  (v128.load (i32.add (local.get $a5) (local.get $i)))))))))
      (local.set $i (i32.add (local.get $i) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $i) (local.get $length)))))

  ;; From means of x, y, x² + y² and x·y, SSIM's two factors at every place:
  ;; luminance = (2·mx·my + c1) / (mx² + my² + c1), structure = (2·cov + c2) / (var x + var y + c2).
  (func (export "compare")
    (param $luminance i32) (param $structure i32) (param $length i32)
    (param $mx i32) (param $my i32) (param $squares i32) (param $products i32)
    (param $factor f64) (param $c1 f64) (param $c2 f64)
    (local $i i32) (local $f v128) (local $one v128) (local $two v128)
    (local $x v128) (local $y v128) (local $xy v128) (local $xxyy v128)
    (local.set $f (f64x2.splat (local.get $factor)))
    (local.set $one (f64x2.splat (local.get $c1)))
    (local.set $two (f64x2.splat (local.get $c2)))
    (loop $next
      (local.set $x (v128.load (i32.add (local.get $mx) (local.get $i))))
      (local.set $y (v128.load (i32.add (local.get $my) (local.get $i))))
      (local.set $xy (f64x2.mul (local.get $x) (local.get $y)))
      (local.set $xxyy
        (f64x2.add (f64x2.mul (local.get $x) (local.get $x)) (f64x2.mul (local.get $y) (local.get $y))))
      (v128.store
        (i32.add (local.get $luminance) (local.get $i))
        (f64x2.div
          (f64x2.add (f64x2.add (local.get $xy) (local.get $xy)) (local.get $one))
          (f64x2.add (local.get $xxyy) (local.get $one))))
      (local.set $xy
        (f64x2.mul
          (local.get $f)
          (f64x2.sub (v128.load (i32.add (local.get $products) (local.get $i))) (local.get $xy))))
      (v128.store
        (i32.add (local.get $structure) (local.get $i))
        (f64x2.div
          (f64x2.add (f64x2.add (local.get $xy) (local.get $xy)) (local.get $two))
          (f64x2.add
            (f64x2.mul
              (local.get $f)
              (f64x2.sub (v128.load (i32.add (local.get $squares) (local.get $i))) (local.get $xxyy)))
            (local.get $two))))
      (local.set $i (i32.add (local.get $i) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $i) (local.get $length))))))
