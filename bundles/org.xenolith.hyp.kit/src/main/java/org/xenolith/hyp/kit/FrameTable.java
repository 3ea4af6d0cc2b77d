// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.kit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.regs.StateMismatch;

/** A heap of frames in two numbers for each frame: owner and references. The hypervisor's core has one. */
public final class FrameTable implements FrameHeap {
  private static final int FREE = 0;
  /** Added to an owner who let go of a frame that is still referenced. */
  private static final int ORPHAN = 0x8000_0000;

  private final long[] bases;
  private final int[][] owners;
  private final int[][] references;
  private final List<AddressWindow> kept;
  /** Of each bank the highest frame that may be free: all above it are taken. */
  private final int[] search;

  /** A heap of free frames. @param banks the machine's RAM */
  public FrameTable(List<AddressWindow> banks) {
    this(banks, List.of());
  }

  /**
   * A heap of frames of which some are never free.
   *
   * @param banks the machine's RAM
   * @param kept  parts of it that nobody may have; whole frames, the hypervisor's for ever
   */
  public FrameTable(List<AddressWindow> banks, List<AddressWindow> kept) {
    this.kept = List.copyOf(kept);
    List<AddressWindow> sorted = banks.stream().sorted((a, b) -> Long.compareUnsigned(a.base(), b.base())).toList();
    bases = sorted.stream().mapToLong(b -> b.base() >>> 12).toArray();
    owners = sorted.stream().map(b -> new int[(int) (b.size() >>> 12)]).toArray(int[][]::new);
    references = sorted.stream().map(b -> new int[(int) (b.size() >>> 12)]).toArray(int[][]::new);
    search = new int[bases.length];
    allFree();
    keep();
  }

  private void keep() {
    for (AddressWindow window : kept) {
      long first = window.base() >>> 12;
      long end = (window.end() - 1 >>> 12) + 1;
      for (int bank = 0; bank < bases.length; bank++) {
        int from = (int) (Math.clamp(first, bases[bank], bases[bank] + owners[bank].length) - bases[bank]);
        int to = (int) (Math.clamp(end, bases[bank], bases[bank] + owners[bank].length) - bases[bank]);
        Arrays.fill(owners[bank], from, to, HYPERVISOR);
      }
    }
  }

  @Override
  public void clear() {
    for (int bank = 0; bank < owners.length; bank++) {
      Arrays.fill(owners[bank], FREE);
      Arrays.fill(references[bank], 0);
    }
    allFree();
    keep();
  }

  private void allFree() {
    for (int bank = 0; bank < search.length; bank++) {
      search[bank] = owners[bank].length - 1;
    }
  }

  private int bank(long mfn) {
    for (int i = bases.length - 1; i >= 0; i--) {
      if (mfn >= bases[i]) {
        return mfn - bases[i] < owners[i].length ? i : -1;
      }
    }
    return -1;
  }

  @Override
  public long allocate(int owner, int count, int alignment) {
    for (int bank = bases.length - 1; bank >= 0; bank--) {
      int[] own = owners[bank];
      while (search[bank] >= 0 && own[search[bank]] != FREE) {
        search[bank]--;
      }
      for (long mfn = bases[bank] + search[bank] + 1 - count & -alignment; mfn >= bases[bank]; mfn -= alignment) {
        if (free(bank, (int) (mfn - bases[bank]), count)) {
          Arrays.fill(own, (int) (mfn - bases[bank]), (int) (mfn - bases[bank]) + count, owner);
          return mfn;
        }
      }
    }
    return -1;
  }

  private boolean free(int bank, int from, int count) {
    for (int i = from + count - 1; i >= from; i--) {
      if (owners[bank][i] != FREE) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean allocateAt(int owner, long mfn, long count) {
    int bank = bank(mfn);
    if (bank < 0 || count <= 0 || bank(mfn + count - 1) != bank || !free(bank, (int) (mfn - bases[bank]), (int) count)) {
      return false;
    }
    Arrays.fill(owners[bank], (int) (mfn - bases[bank]), (int) (mfn - bases[bank] + count), owner);
    return true;
  }

  @Override
  public int owner(long mfn) {
    int bank = bank(mfn);
    int owner = bank < 0 ? -1 : owners[bank][(int) (mfn - bases[bank])];
    return bank >= 0 && (owner & ORPHAN) != 0 ? FREE : owner;
  }

  @Override
  public void free(int owner, long mfn) {
    int bank = bank(mfn);
    if (bank >= 0) {
      int at = (int) (mfn - bases[bank]);
      if (owners[bank][at] == owner) {
        letGo(bank, at);
      }
    }
  }

  private void letGo(int bank, int at) {
    owners[bank][at] = references[bank][at] == 0 ? FREE : owners[bank][at] | ORPHAN;
    if (owners[bank][at] == FREE) {
      search[bank] = Math.max(search[bank], at);
    }
  }

  @Override
  public void freeAll(int owner) {
    for (int bank = 0; bank < owners.length; bank++) {
      for (int i = 0; i < owners[bank].length; i++) {
        if (owners[bank][i] == owner) {
          letGo(bank, i);
        }
      }
    }
  }

  @Override
  public void hold(long mfn) {
    int bank = bank(mfn);
    if (bank >= 0) {
      references[bank][(int) (mfn - bases[bank])]++;
    }
  }

  @Override
  public void drop(long mfn) {
    int bank = bank(mfn);
    if (bank >= 0) {
      int at = (int) (mfn - bases[bank]);
      if (references[bank][at] > 0 && --references[bank][at] == 0 && (owners[bank][at] & ORPHAN) != 0) {
        owners[bank][at] = FREE;
        letGo(bank, at);
      }
    }
  }

  @Override
  public int held(long mfn) {
    int bank = bank(mfn);
    return bank < 0 ? 0 : references[bank][(int) (mfn - bases[bank])];
  }

  @Override
  public long free() {
    return count(FREE);
  }

  @Override
  public long count(int owner) {
    long count = 0;
    for (int[] bank : owners) {
      for (int o : bank) {
        if (o == owner) {
          count++;
        }
      }
    }
    return count;
  }

  @Override
  public long total() {
    long total = 0;
    for (int[] bank : owners) {
      total += bank.length;
    }
    return total;
  }

  @Override
  public long end() {
    return bases.length == 0 ? 0 : bases[bases.length - 1] + owners[bases.length - 1].length;
  }

  /** Runs of frames that are alike: length, owner, references. */
  @Override
  public byte[] save() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      DataOutputStream out = new DataOutputStream(bytes);
      for (int bank = 0; bank < owners.length; bank++) {
        out.writeInt(search[bank]);
        int length = owners[bank].length;
        for (int i = 0, from = 0; i < length; from = i) {
          while (i < length && owners[bank][i] == owners[bank][from] && references[bank][i] == references[bank][from]) {
            i++;
          }
          out.writeInt(i - from);
          out.writeInt(owners[bank][from]);
          out.writeInt(references[bank][from]);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  @Override
  public void restore(byte[] saved) {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(saved));
    try {
      for (int bank = 0; bank < owners.length; bank++) {
        search[bank] = in.readInt();
        if (search[bank] < -1 || search[bank] >= owners[bank].length) {
          throw new StateMismatch("frames: " + search[bank] + " is the last that may be free of " + owners[bank].length);
        }
        for (int at = 0; at < owners[bank].length;) {
          int run = in.readInt();
          if (run <= 0 || run > owners[bank].length - at) {
            throw new StateMismatch("frames: a run of " + run + " at " + at + " of " + owners[bank].length);
          }
          Arrays.fill(owners[bank], at, at + run, in.readInt());
          Arrays.fill(references[bank], at, at + run, in.readInt());
          at += run;
        }
      }
    } catch (IOException e) {
      throw new StateMismatch("frames: the record ends too early");
    }
  }
}
