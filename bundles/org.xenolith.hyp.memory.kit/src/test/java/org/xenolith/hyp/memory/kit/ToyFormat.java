// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.memory.kit;

import org.xenolith.hyp.api.PageType;

/** Four levels of tables; blocks have a bit that tables and pages haven't, the opposite of what stage 2 has. */
final class ToyFormat extends TableFormat {
  private static final long WRITE = 2;
  static final long BLOCK = 1 << 7;

  ToyFormat() {
    super(48, 0, 1, WRITE, 52);
  }

  @Override
  protected long leaf(PageType type, long mfn, int level) {
    boolean writable = type != PageType.RAM_READ_ONLY && type != PageType.GRANT_READ_ONLY;
    return mfn << 12 & OUTPUT | (level < LAST ? BLOCK : 0) | (writable ? WRITE : 0) | VALID;
  }

  @Override
  protected long table(long address) {
    return address | WRITE | VALID;
  }

  @Override
  protected boolean isTable(long descriptor, int level) {
    return level < LAST && (descriptor & (BLOCK | VALID)) == VALID;
  }

  @Override
  protected long part(long block, int level, int index) {
    return block + ((long) index * span(level + 1) << 12) & (level + 1 == LAST ? ~BLOCK : -1);
  }
}
