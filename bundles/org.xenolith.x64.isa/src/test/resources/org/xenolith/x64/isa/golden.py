# SPDX-License-Identifier: EPL-2.0
"""Makes a golden file: golden.py MODE IN OUT. IN has hexadecimal instructions, one a line; each goes into a slot of 16 bytes, filled
up with NOPs, and GNU objdump's text of the slot's first instruction is normalised as the README says."""
import re, subprocess, sys, tempfile

PREFIX = (r'(?:rex(?:\.[WRXB]+)?|cs|ds|es|ss|fs|gs|data16|data32|addr32|addr16|bnd|notrack|xacquire|xrelease|repz|repnz|rep)')
LEADING = re.compile(r'^(?:' + PREFIX + r' )+(?=\S)')
STRING = re.compile(r'^(ins|outs|movs|cmps|stos|lods|scas) ')


def norm(text):
    text = re.sub(r'\s+', ' ', text.split('#')[0].split('<')[0]).strip()
    text = re.sub(r',p[nt]\b', '', text)
    lock = ''
    m = LEADING.match(text)
    words = m.group(0).split() if m else []
    if m:
        text = text[m.end():]
    if text.startswith('lock '):
        lock, text = 'lock ', text[5:]
        m = LEADING.match(text)
        if m:
            text = text[m.end():]
    if STRING.match(text):
        lock = ''.join(w + ' ' for w in words if w.startswith('rep'))
    return lock + text


def objdump(mode, codes):
    arch = {'LONG_64': 'i386:x86-64', 'PROTECTED_32': 'i386', 'PROTECTED_16': 'i8086', 'REAL': 'i8086'}[mode]
    with tempfile.NamedTemporaryFile() as f:
        for c in codes:
            f.write(c + b'\x90' * (16 - len(c)))
        f.flush()
        extra = ',intel64' if mode == 'LONG_64' else ''
        out = subprocess.run(['objdump', '-D', '-z', '-w', '-b', 'binary', '-m', arch, '-M', 'intel' + extra, f.name],
                             stdout=subprocess.PIPE, text=True).stdout
    found = {}
    for line in out.splitlines():
        w = line.split('\t')
        if len(w) >= 3 and w[0].endswith(':'):
            found[int(w[0].strip()[:-1], 16)] = (len(w[1].split()), w[2])
    result = []
    for n in range(len(codes)):
        at, words = n * 16, []
        length = 0
        while at in found:  # objdump writes some prefixes as lines of their own
            k, t = found[at]
            length += k
            t = re.sub(r'\s+', ' ', t).strip()
            words.append(t)
            at += k
            if not re.fullmatch(r'(?:' + PREFIX + r'|lock)(?: (?:' + PREFIX + r'|lock))*', t):
                break
        result.append((length, norm(' '.join(words))))
    return result


if __name__ == '__main__':
    codes = [bytes.fromhex(l.strip()) for l in open(sys.argv[2])]
    with open(sys.argv[3], 'w') as o:
        for c, (n, t) in zip(codes, objdump(sys.argv[1], codes)):
            o.write(f'{c.hex()}\t{n}\t{t}\n')
