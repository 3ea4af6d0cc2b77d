// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

import java.util.Arrays;
import org.xenolith.hostcode.kit.X64;

/** Jumps to ways out of what is translated at once: the code that they lead to, which says where it came from, comes behind it. */
public final class PendingExits {
  /** The register of an access's address, where there is none. */
  public static final int NOBODY = -1;
  /** The place of no jump: what leaves is in the middle of the block. */
  public static final int HERE = -1;
  /** What stores nothing, or nothing that somebody may watch the neighbourhood of. */
  public static final int NOTHING = 0;
  /** Bytes of a conditional jump behind the place where it is kept. */
  private static final int BEHIND = 4;
  /** More bytes than a way out has. */
  private static final int LONGEST = 48;

  private final X64 code;
  private final ExitTable exits;
  /** Where jumps are, their ways out, the register with an access's address, and how many bytes it stores. */
  private int[] jumps = new int[256];
  private int[] exitNumbers = new int[256];
  private int[] addresses = new int[256];
  private int[] stores = new int[256];
  private int count;

  public PendingExits(X64 code, ExitTable exits) {
    this.code = code;
    this.exits = exits;
  }

  /** A jump, which was just emitted, leads to a way out. */
  public void add(int jump, int number, int address) {
    add(jump, number, address, NOTHING);
  }

  /** The same of an access that stores so many bytes, or {@link #NOTHING}, which may be made all the same if none of them is watched. */
  public void add(int jump, int number, int address, int bytes) {
    if (count == jumps.length) {
      jumps = Arrays.copyOf(jumps, 2 * count);
      exitNumbers = Arrays.copyOf(exitNumbers, 2 * count);
      addresses = Arrays.copyOf(addresses, 2 * count);
      stores = Arrays.copyOf(stores, 2 * count);
    }
    jumps[count] = jump;
    exitNumbers[count] = number;
    stores[count] = bytes;
    addresses[count++] = address;
  }

  public int count() {
    return count;
  }

  /** The way out of a jump, by the jump's number since the last {@link #flush}. */
  public int number(int jump) {
    return exitNumbers[jump];
  }

  /**
   * Emits what the jumps lead to; those in the page whose target has code by now lead there.
   *
   * @param access  where code leaves an access's address, from RBP
   * @param watched what is called for a store: it has RDX lead to a byte that says how far the next watched one is, and changes no other register
   * @param leave   where all leave
   */
  public void flush(NativePage page, int access, int watched, int leave) {
    code.room(count * LONGEST + LONGEST);
    for (int i = 0; i < count; i++) {
      int number = exitNumbers[i];
      if (jumps[i] == HERE) {
        continue;
      }
      if (exits.kind(number) == ExitTable.CHAIN && page.entry(exits.index(number)) != 0) {
        code.patchJump(jumps[i], page.entry(exits.index(number)));
        continue;
      }
      code.patchJump(jumps[i], code.at());
      if (addresses[i] != NOBODY) {
        code.store(true, addresses[i], X64.RBP, access);
      }
      if (stores[i] != NOTHING) {
        code.callTo(watched);
        code.compareByte(X64.RDX, stores[i]);
        code.jumpIfTo(X64.AE, jumps[i] + BEHIND);
      }
      leave(number, leave);
    }
    count = 0;
  }

  /** Emits a way out where it is. */
  public void leave(int number, int leave) {
    code.constant(X64.RAX, number);
    code.jumpTo(leave);
  }
}
