// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.simd.StringCompare;

/** PCMPESTRI, PCMPESTRM, PCMPISTRI, PCMPISTRM. */
final class SseStringNode extends SseNode {
  private final StringCompare compare;
  private final boolean explicit;
  private final boolean index;
  private final boolean wide;
  private final int imm;

  SseStringNode(String mnemonic, int imm, boolean wide, StringCompare compare, SseSource destination, SseSource source) {
    super(false, true, destination, source);
    this.compare = compare;
    this.imm = imm;
    this.wide = wide;
    explicit = mnemonic.contains("estr");
    index = mnemonic.endsWith("i");
  }

  @Override
  void run(Core c, long[] r) {
    source.load(c, r);
    destination.load(c, r);
    long first = explicit ? length(r[CpuState.RAX]) : -1;
    long second = explicit ? length(r[CpuState.RDX]) : -1;
    compare.compare(destination.low, destination.high, source.low, source.high, first, second, imm);
    c.carries(compare.result != 0 ? 1 : 0, compare.result & 1);
    c.zero = compare.secondEnds ? 0 : 1;
    c.sign = compare.firstEnds ? -1 : 0;
    c.parity = 1;
    c.adjust = 0;
    if (index) {
      r[CpuState.RCX] = compare.index(imm);
    } else {
      c.xmm[0] = compare.mask(imm, false);
      c.xmm[1] = compare.mask(imm, true);
    }
  }

  /** The magnitude of a register. */
  private long length(long value) {
    long signed = wide ? value : (int) value;
    return signed == Long.MIN_VALUE ? Long.MAX_VALUE : Math.abs(signed);
  }
}
