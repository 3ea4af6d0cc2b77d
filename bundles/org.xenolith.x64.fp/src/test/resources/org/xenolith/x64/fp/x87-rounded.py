# SPDX-License-Identifier: EPL-2.0
# Writes correctly rounded results of the x87's transcendental functions, computed with mpmath (BSD licence), one a line: operation as in
# x87-vectors.c, rounding control, the operands of ST(0) and ST(1), the result, flags (PE, UE and C1) as in the status word.
# python3 x87-rounded.py SEED COUNT > x87-rounded.txt
import random
import sys
from fractions import Fraction
from mpmath import mp, mpf

random.seed(int(sys.argv[1]))
HALF_PI = Fraction(0x3243F6A8885A308D3, 1 << 65)  # 66 bits


def value(se, m):
    e = max(se & 0x7FFF, 1) - 16383 - 63
    return (-1 if se >> 15 else 1) * (Fraction(m << e) if e >= 0 else Fraction(m, 1 << -e))


def number(e, sparse=True):
    m = random.getrandbits(63)
    if sparse and random.random() < 0.3:
        m &= -1 << random.randrange(63)
    return random.getrandbits(1) << 15 | e, 1 << 63 | m


def big(f):
    return mpf(f.numerator) / mpf(f.denominator)


def rounded(v, rc):
    """Result and flags of an inexact value."""
    sign, man, exp, bits = v._mpf_
    top = exp + bits - 1

    def cut(lsb):
        shift = lsb - exp
        if shift <= 0:
            return man << -shift, 0
        whole, rest = man >> shift, man & (1 << shift) - 1
        half = 1 << shift - 1
        up = (rest > half or rest == half and whole & 1) if rc == 0 else rest != 0 and rc == (1 if sign else 2)
        assert rest
        return whole + up, int(up)

    lsb = top - 63
    m, up = cut(lsb)
    e = top + (m >> 64)
    if e < -16382:
        m, up = cut(-16382 - 63)
        return (sign << 15 | m >> 63, m, 0x30 | up << 9)
    return (sign << 15 | e + 16383, m >> (m >> 64), 0x20 | up << 9)


def circular(a, op):
    x = value(*a)
    n = round(x / HALF_PI)
    r = big(x - n * HALF_PI)
    s, c = mp.sin(r), mp.cos(r)
    q = (s, c, -s, -c)
    if op == 29:
        return q[n & 3] / q[n + 1 & 3]
    return q[n + (op == 32) & 3]


def record(op, rc, a, b):
    mp.prec = 600 + 6 * max(abs((x[0] & 0x7FFF) - 16383) for x in (a, b))
    x, y = big(value(*a)), big(value(*b))
    if op == 26:
        v = mp.expm1(x * mp.ln2)
    elif op == 27:
        v = y * mp.log(x) / mp.ln2
    elif op == 28:
        v = y * mp.log1p(x) / mp.ln2
    elif op == 30:
        v = mp.atan2(y, x)
    else:
        v = circular(a, op)
    print("%d %d %04x:%016x %04x:%016x %04x:%016x %03x" % (op, rc, *a, *b, *rounded(v, rc)))


def near_multiple():
    """The operand next to a multiple of pi/2."""
    n = random.randrange(1, 1 << random.randrange(1, 62))
    v = n * HALF_PI
    e = v.numerator.bit_length() - v.denominator.bit_length()
    e -= Fraction(2) ** e > v
    return random.getrandbits(1) << 15 | e + 16383, min(round(v / Fraction(2) ** (e - 63)), (1 << 64) - 1)


for i in range(int(sys.argv[2])):
    op, rc = 26 + i % 7, i // 7 % 4
    spread = random.choice((4, 4, 70, 200, 200 if i % 5 else 8100 if op == 28 else 16382))
    e = 16382 - random.randrange(spread)
    b = number(16383 + random.randrange(-100, 100))
    if op == 26:
        a = number(e)
    elif op == 27:
        a = number(16383 + random.choice((-1, 0, 0, 1, random.randrange(-16382, 16384))))
        a = a[0] & 0x7FFF, a[1] | 1
        if random.random() < 0.3:  # close to 1
            a = random.choice(((0x3FFF, 1 << 63 | 1 + random.getrandbits(random.randrange(1, 63))), (0x3FFE, -1 - random.getrandbits(random.randrange(1, 63)) & (1 << 64) - 1)))
    elif op == 28:
        a = number(e - 1)
    elif op == 30:
        a = number(16383 + random.randrange(-50, 50))
        b = number(max(1, min(32766, a[0] & 0x7FFF) + random.randrange(-spread, min(spread, 16000))))
        if i % 3 == 0:  # about the least normal number
            a = number(16383 + 8191)
            b = number(16383 - 8191 + random.randrange(-70, 9))
            a = a[0] & 0x7FFF, a[1]
    elif random.random() < 0.25:
        a = near_multiple()
    else:
        a = number(random.choice((e, 16383 + random.randrange(63), 16383 + random.randrange(3))))
    record(op, rc, a, b)
