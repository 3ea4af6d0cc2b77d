// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.bus;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.machine.kit.PageStore;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamImages;
import org.xenolith.machine.snapshot.MachineDigest;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;

/** What answers where: RAM, the windows that models claimed, and for the rest the name of the node that nobody models. */
public final class AddressSpace {
  private final RamBanks ram;
  private final List<PlatformNode> nodes;
  private final EventLog events;
  /** Sorted by base; replaced as a whole when a window is added. */
  private BusWindow[] windows = {};
  private final List<WindowMemory> memories = new ArrayList<>();
  /** Has pages of what memory held; that of the machine whose state this one's is. */
  private PageStore store = new PageStore();
  private boolean own = true;
  private final LoadedArrays loaded = new LoadedArrays();
  /** The access to nothing that was told of last: who makes one often makes it again. */
  private long lastNothing;
  private int lastKind = -1;
  private String lastPlace;
  private String lastText;

  public AddressSpace(RamBanks ram, List<PlatformNode> nodes, EventLog events) {
    this.ram = ram;
    this.nodes = nodes;
    this.events = events;
  }

  public RamBanks ram() {
    return ram;
  }

  /**
   * Adds a permanent window.
   *
   * @throws ModelException if it overlaps another one or RAM; the message names both
   */
  public void add(AddressWindow range, BusWindow window) {
    if (range.size() <= 0) {
      throw new ModelException("window " + window + " has no bytes; correct the node's reg");
    }
    String memory = ram.overlap(range);
    if (memory != null) {
      throw new ModelException("window " + window + " overlaps " + memory + "; correct one of the nodes' reg");
    }
    int at = 0;
    for (BusWindow other : windows) {
      if (other.overlaps(range)) {
        throw new ModelException("window " + window + " overlaps " + other + "; correct or disable one of the nodes");
      }
      if (Long.compareUnsigned(other.base, range.base()) < 0) {
        at++;
      }
    }
    BusWindow[] more = new BusWindow[windows.length + 1];
    System.arraycopy(windows, 0, more, 0, at);
    more[at] = window;
    System.arraycopy(windows, at, more, at + 1, windows.length - at);
    windows = more;
  }

  /** The window behind an address, or null. */
  public BusWindow window(long address) {
    BusWindow[] all = windows;
    int low = 0;
    int high = all.length - 1;
    while (low <= high) {
      int middle = low + high >>> 1;
      BusWindow window = all[middle];
      if (Long.compareUnsigned(address - window.base, window.size) < 0) {
        return window;
      }
      if (Long.compareUnsigned(address, window.base) < 0) {
        high = middle - 1;
      } else {
        low = middle + 1;
      }
    }
    return null;
  }

  /** The chunk that a read at an address may go to directly: RAM, or a window's memory; null if there is none. */
  Ram readable(long address) {
    Ram chunk = ram.chunk(address);
    if (chunk != null) {
      return chunk;
    }
    BusWindow window = window(address);
    return window == null ? null : window.readable(address);
  }

  /** A window has bytes from now on. */
  public void add(WindowMemory memory) {
    memories.add(memory);
  }

  /**
   * A chunk of the machine's memory, RAM or a window's.
   *
   * @param blank a page of what it holds where nobody has written
   * @param held  pages that may be other than zeros, by their numbers; null if all have to be looked at
   */
  public record Chunk(Ram ram, byte[] blank, BitSet held) {
    /** Whether nobody has written a page. */
    public boolean blank(int at) {
      // A page of zeros that is looked at would take memory, of a chunk that shares its pages.
      return held != null && !held.get(at >> Ram.PAGE_SHIFT) ? blank[0] == 0 : ram.mismatch(at, blank, 0, blank.length) < 0;
    }
  }

  /** The chunks touched so far, by address. */
  public List<Chunk> touched() {
    List<Chunk> chunks = new ArrayList<>();
    banks().forEach(banks -> {
      byte[] blank = new byte[MachineDigest.PAGE];
      Arrays.fill(blank, banks.blank());
      banks.touched(chunk -> chunks.add(new Chunk(chunk, blank, chunk.held())));
    });
    chunks.sort((a, b) -> Long.compareUnsigned(a.ram.base, b.ram.base));
    return chunks;
  }

  /**
   * What all memory that was touched holds now.
   *
   * @param next whether it is one of many that follow each other soon: {@link RamImages#next}, else {@link RamImages#of}
   */
  public RamImages images(boolean next) {
    if (next) {
      loaded.tell(store);
    }
    return next ? RamImages.next(chunks(), store, own) : RamImages.of(chunks(), store);
  }

  /** Bytes of an array, which nobody changes, have been written to an address. */
  public void loaded(long address, byte[] array, int offset, int length) {
    loaded.add(address, array, offset, length);
  }

  /** Host memory that is kept for what memory held, in bytes. */
  public long held() {
    return store.held();
  }

  /**
   * Makes all memory what a machine's was, of which no address differs.
   *
   * @throws IOException if this has no RAM where that had some
   */
  public void restore(RamImages images) throws IOException {
    own &= store == images.store();
    store = images.store();
    Set<Ram> others = Collections.newSetFromMap(new IdentityHashMap<>());
    others.addAll(chunks());
    List<RamBanks> all = banks().toList();
    for (int i = 0; i < images.count(); i++) {
      Ram chunk = restore(images, i, all);
      if (chunk == null) {
        throw none(images.base(i), images.size(i));
      }
      others.remove(chunk);
    }
    all.forEach(banks -> banks.clear(others::contains));
  }

  /** A chunk holds what an image's did; null if there is none. */
  private static Ram restore(RamImages images, int number, List<RamBanks> all) {
    for (RamBanks banks : all) {
      if (banks.covers(images.base(number))) {
        return banks.restore(images, number);
      }
    }
    return null;
  }

  /** Why memory of another machine can't be taken over. */
  public static IOException none(long base, int size) {
    return new IOException("RAM: %d bytes at 0x%x, where the machine has none".formatted(size, base));
  }

  /** Makes all memory what it was at first. */
  public void clear() {
    banks().forEach(banks -> banks.clear(chunk -> true));
  }

  private List<Ram> chunks() {
    List<Ram> chunks = new ArrayList<>();
    banks().forEach(banks -> banks.touched(chunks::add));
    return chunks;
  }

  /** Nobody needs what is in any memory any more. */
  public void giveBack() {
    Ram.giveBack(chunks());
  }

  /** The chunk of the machine's memory behind an address, RAM or a window's, however it is read now; null if there is none. */
  public Ram chunk(long address) {
    return banks().map(banks -> banks.chunk(address)).filter(Objects::nonNull).findFirst().orElse(null);
  }

  private Stream<RamBanks> banks() {
    return Stream.concat(Stream.of(ram), memories.stream().map(WindowMemory::chunks));
  }

  /** Nothing answers: tells the event log and gives the abort to throw. */
  ExternalAbort nothingAt(long address, int size, boolean write) {
    int kind = size << 1 | (write ? 1 : 0);
    if (address != lastNothing || kind != lastKind) {
      PlatformNode node = nodeAt(address);
      lastNothing = address;
      lastKind = kind;
      lastPlace = node == null ? "bus" : node.path();
      lastText = access(address, size, write) + (node == null ? ", where no node has a window"
          : node.enabled() ? ", which no model claims" : ", disabled");
    }
    events.report("unmodelled-access", lastPlace, lastText);
    return ExternalAbort.INSTANCE;
  }

  /**
   * A bus master found no RAM: tells the event log and gives the abort to throw. Windows don't answer it, or a guest could
   * have a device call itself without end.
   */
  ExternalAbort noMemoryAt(long address, int size, boolean write) {
    BusWindow window = window(address);
    if (window == null) {
      return nothingAt(address, size, write);
    }
    events.report("refused-dma", "bus", access(address, size, write) + ": " + window + " is no memory");
    return ExternalAbort.INSTANCE;
  }

  private static String access(long address, int size, boolean write) {
    return (write ? "write" : "read") + " of " + size + (address < 0 ? " bytes at port 0x" : " bytes at 0x")
        + Long.toHexString(address & ~PhysicalBus.PORTS);
  }

  /** The node with the smallest window around an address: buses have windows around those of their devices. */
  private PlatformNode nodeAt(long address) {
    PlatformNode best = null;
    long bestSize = 0;
    for (PlatformNode node : nodes) {
      for (AddressWindow window : node.windows()) {
        if (Long.compareUnsigned(address - window.base(), window.size()) < 0
            && (best == null || Long.compareUnsigned(window.size(), bestSize) < 0)) {
          best = node;
          bestSize = window.size();
        }
      }
    }
    return best;
  }
}
