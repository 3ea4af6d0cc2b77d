// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.bus;

import static org.xenolith.command.api.OptionName.option;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.api.RamExhausted;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamImages;
import org.xenolith.platform.api.AddressWindow;

/**
 * The RAM of a machine: its banks cut into aligned power-of-two chunks, each allocated when it is touched first. A bank that
 * isn't a multiple of the chunk size has smaller chunks at its ends.
 */
public final class RamBanks {
  /** Largest chunk of RAM in bytes. */
  static final int CHUNK = 16 << 20;
  /** Most bytes in all: each chunk has an entry here whether it is touched or not. */
  private static final long LARGEST = 4L << 40;
  private static final int PAGE = 1 << Ram.PAGE_SHIFT;

  private final long[] bases;
  private final int[] sizes;
  private final Ram[] chunks;
  private final Ram.CodeListener codeListener;
  private final byte blank;
  private Consumer<Ram> allocated = ram -> {};

  /**
   * Cuts the banks.
   *
   * @throws ModelException if two banks overlap, one is no multiple of 4 KiB, or they are more than any host has
   */
  RamBanks(List<AddressWindow> banks, Ram.CodeListener codeListener) {
    this(banks, CHUNK, (byte) 0, codeListener);
  }

  /**
   * The same.
   *
   * @param whenAllocated is given each chunk before it is touched
   */
  public RamBanks(List<AddressWindow> banks, Ram.CodeListener codeListener, Consumer<Ram> whenAllocated) {
    this(banks, codeListener);
    allocated = whenAllocated;
  }

  /**
   * Cuts the banks.
   *
   * @param largest bytes of the largest chunk
   * @param blank   what a chunk is full of when it is touched first
   */
  RamBanks(List<AddressWindow> banks, int largest, byte blank, Ram.CodeListener codeListener) {
    this.codeListener = codeListener;
    this.blank = blank;
    List<AddressWindow> sorted = banks.stream().filter(b -> b.size() != 0)
        .sorted((a, b) -> Long.compareUnsigned(a.base(), b.base())).toList();
    List<AddressWindow> pieces = new ArrayList<>();
    long left = LARGEST;
    for (int i = 0; i < sorted.size(); i++) {
      AddressWindow bank = sorted.get(i);
      if (((bank.base() | bank.size()) & PAGE - 1) != 0) {
        throw new ModelException("memory bank " + bank + ": expected a multiple of 4 KiB; correct the memory node's reg");
      }
      if (i > 0 && Long.compareUnsigned(bank.base(), sorted.get(i - 1).end()) < 0) {
        throw new ModelException("memory bank " + bank + " overlaps bank " + sorted.get(i - 1)
            + "; correct the memory nodes' reg");
      }
      if (Long.compareUnsigned(bank.size(), left) > 0) {
        throw new ModelException("memory bank " + bank + ": more than " + (LARGEST >> 40)
            + " TiB in all; correct the memory nodes' reg, or say"
            + " how much there is with " + option("memory"));
      }
      left -= bank.size();
      cut(bank, largest, pieces);
    }
    bases = pieces.stream().mapToLong(AddressWindow::base).toArray();
    sizes = pieces.stream().mapToInt(p -> (int) p.size()).toArray();
    chunks = new Ram[pieces.size()];
  }

  private static void cut(AddressWindow bank, int largest, List<AddressWindow> pieces) {
    long at = bank.base();
    while (at != bank.end()) {
      long size = Math.min(largest, Long.highestOneBit(bank.end() - at) & Long.MAX_VALUE);
      long alignment = Long.lowestOneBit(at);
      if (alignment > 0) {
        size = Math.min(size, alignment);
      }
      pieces.add(new AddressWindow(at, size));
      at += size;
    }
  }

  /** The chunk behind an address, allocated if need be; null where there is no RAM. */
  Ram chunk(long address) {
    int at = find(address);
    if (at < 0) {
      return null;
    }
    Ram ram = chunks[at];
    return ram == null ? allocate(at) : ram;
  }

  /** The chunk behind an address if it has been touched, else null. */
  Ram known(long address) {
    int at = find(address);
    return at < 0 ? null : chunks[at];
  }

  /** What bytes hold that nobody has written. */
  byte blank() {
    return blank;
  }

  /** Makes all bytes of some chunks what they were at first. */
  void clear(Predicate<Ram> which) {
    touched(chunk -> {
      if (which.test(chunk)) {
        chunk.clear();
        if (blank != 0) {
          chunk.fill(0, chunk.size, blank);
        }
      }
    });
  }

  /** A chunk holds what an image's did. Returns it; null if there is none of that size there. */
  Ram restore(RamImages images, int number) {
    int at = find(images.base(number));
    if (at < 0 || bases[at] != images.base(number) || sizes[at] != images.size(number)) {
      return null;
    }
    if (chunks[at] == null) {
      add(at, images.make(number));
    } else {
      images.restore(number, chunks[at]);
    }
    return chunks[at];
  }

  private Ram allocate(int at) {
    Ram ram;
    try {
      ram = new Ram(bases[at], sizes[at]);
    } catch (OutOfMemoryError e) {
      throw new RamExhausted(e.getMessage());
    }
    if (blank != 0) {
      ram.fill(0, ram.size, blank);
    }
    add(at, ram);
    return ram;
  }

  private void add(int at, Ram ram) {
    ram.listen(codeListener);
    allocated.accept(ram);
    chunks[at] = ram;
  }

  /** Whether an address is RAM. */
  public boolean covers(long address) {
    return find(address) >= 0;
  }

  /** The first chunk that overlaps a window, as text; null if none does. */
  String overlap(AddressWindow window) {
    for (int i = 0; i < bases.length; i++) {
      AddressWindow chunk = new AddressWindow(bases[i], sizes[i]);
      if (Long.compareUnsigned(chunk.base(), window.end()) < 0 && Long.compareUnsigned(window.base(), chunk.end()) < 0) {
        return "RAM " + chunk;
      }
    }
    return null;
  }

  /** Visits the chunks touched so far in ascending order. */
  public void touched(Consumer<Ram> visitor) {
    for (Ram chunk : chunks) {
      if (chunk != null) {
        visitor.accept(chunk);
      }
    }
  }

  private int find(long address) {
    int low = 0;
    int high = bases.length - 1;
    while (low <= high) {
      int middle = low + high >>> 1;
      long offset = address - bases[middle];
      if (Long.compareUnsigned(offset, sizes[middle]) < 0) {
        return middle;
      }
      if (Long.compareUnsigned(address, bases[middle]) < 0) {
        high = middle - 1;
      } else {
        low = middle + 1;
      }
    }
    return -1;
  }
}
