// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The host's pages of one chunk of RAM: its own, or those of an image until they are written. What changes between them changes behind the same address, so that nobody who has that must be told,
 * and nothing is asked when memory is read or written. On the thread that has the chunk, but for {@link #end}.
 */
final class ChunkPages {
  private static final int PAGE = 1 << Ram.PAGE_SHIFT;
  private static final int MOST_RUNS = 64;
  /** Pages that stay the chunk's own when it goes back: to compare so many takes the host less than to give a tenth of them again. */
  private static final int MOST_KEPT = 512;
  private static final byte[] ZEROS = new byte[PAGE];
  /** Of those that are on an image, and of images. */
  static final MappingLimit MAPPINGS = MappingLimit.ofHost();

  private final long address;
  private final int size;
  /** See {@link Ram#family}. */
  private Object family;
  /** Bytes that count as taken. */
  private long counted;
  /** What they are until they are written; null if they are the chunk's own. */
  private MemoryFile.@Nullable Part under;
  /** What of it differed from that when an image was made last; null if none was. */
  private @Nullable PageCopies latest;
  /** Of its own pages; null if no copy of them was made. */
  private @Nullable CopiedPages copied;

  private ChunkPages(long address, int size, long counted, Object family) {
    this.family = family;
    this.address = address;
    this.size = size;
    this.counted = counted;
  }

  /**
   * Pages of a chunk's own.
   *
   * @throws OutOfMemoryError if the host has no more, or this process may not have more
   */
  static ChunkPages own(int size) {
    HostPages.LIMIT.take(size);
    try {
      return new ChunkPages(HostPages.anonymous(size), size, size, new Object());
    } catch (OutOfMemoryError refused) {
      HostPages.LIMIT.give(size);
      throw refused;
    }
  }

  /**
   * Pages that are an image's.
   *
   * @throws OutOfMemoryError if the host refuses them
   */
  static ChunkPages of(RamImage image) {
    ChunkPages pages = image instanceof RamImage.Mapped mapped ? shared(mapped) : new ChunkPages(HostPages.reserve(image.size()), image
        .size(),
        0, image.family());
    try {
      if (image instanceof RamImage.Mapped mapped) {
        pages.change(mapped, new BitSet(), page -> {});
      } else {
        pages.become(image, page -> {});
      }
      return pages;
    } catch (OutOfMemoryError refused) {
      pages.end();
      throw refused;
    }
  }

  /** Those of a part of a file. */
  private static ChunkPages shared(RamImage.Mapped image) {
    MAPPINGS.take();
    try {
      ChunkPages pages = new ChunkPages(image.part().map(), image.size(), 0, image.family());
      pages.under = image.part().keep();
      return pages;
    } catch (OutOfMemoryError refused) {
      MAPPINGS.give();
      throw refused;
    }
  }

  /** The bytes; when nobody refers to them any more the host has all back. */
  MemorySegment bytes() {
    return MemorySegment.ofAddress(address).reinterpret(size, Arena.ofAuto(), bytes -> end());
  }

  Object family() {
    return family;
  }

  private void end() {
    HostPages.unmap(address, size);
    HostPages.LIMIT.give(counted);
    forget();
  }

  private void dropCopied() {
    if (copied != null) {
      copied.end();
      copied = null;
    }
  }

  private void dropLatest() {
    if (latest != null) {
      latest.drop();
      latest = null;
    }
  }

  private void dropPart() {
    dropLatest();
    if (under != null) {
      under.drop();
      MAPPINGS.give();
    }
    under = null;
  }

  private MemorySegment view(int page, int pages) {
    return MemorySegment.ofAddress(address + (long) page * PAGE).reinterpret((long) pages * PAGE);
  }

  /**
   * What they hold now. It doesn't change any more, and from now on they have memory of their own only for what is written.
   *
   * @param base   address of the chunk
   * @param file   has what isn't in a file yet
   * @param store  has copies of pages
   * @param copies whether so many pages may be kept by themselves instead
   * @throws OutOfMemoryError if the host refuses it; they are as before
   */
  RamImage image(long base, Supplier<MemoryFile> file, PageStore store, IntPredicate copies) {
    MemoryFile.Part known = under;
    BitSet written = known == null ? new BitSet() : WrittenPages.of(address, size);
    if (known != null && known.sole()) {
      known.forget(written);
    }
    if (known != null && (written.isEmpty() || copies.test(written.cardinality()))) {
      if (written.isEmpty() && latest != null && latest.pages().isEmpty()) {
        return new RamImage.Mapped(base, size, family, known.keep(), latest.keep());
      }
      PageCopies now = PageCopies.of(store, written, page -> view(page, 1), latest);
      dropLatest();
      latest = now.keep();
      return new RamImage.Mapped(base, size, family, known.keep(), now);
    }
    // A page that nobody has written is not looked at: the file would get one of zeros for it.
    BitSet data = known == null ? whole() : (BitSet) known.data().clone();
    data.or(written);
    for (int page = data.nextSetBit(0); page >= 0; page = data.nextSetBit(page + 1)) {
      if (view(page, 1).mismatch(MemorySegment.ofArray(ZEROS)) < 0) {
        data.clear(page);
      }
    }
    MemoryFile.Part part = file.get().add(address, size, data, store);
    try {
      put(part);
    } catch (OutOfMemoryError refused) {
      part.drop();
      throw refused;
    }
    return new RamImage.Mapped(base, size, family, part, PageCopies.none(store));
  }

  /**
   * What they hold now, as a copy of what was written since the copy before; they stay as they are.
   *
   * @param base  address of the chunk
   * @param store has copies of pages
   * @return null if they are a file's, or the host doesn't say what is written
   * @throws OutOfMemoryError if there is no memory
   */
  @Nullable
  RamImage copy(long base, PageStore store) {
    if (under == null && copied == null) {
      copied = CopiedPages.begin(address, size, store);
    }
    return copied == null ? null : new RamImage.Copied(base, size, family, copied.copy(base, store));
  }

  private BitSet whole() {
    BitSet all = new BitSet();
    all.set(0, size / PAGE);
    return all;
  }

  /** They are a part's from now on. */
  private void put(MemoryFile.Part part) {
    if (under == null) {
      MAPPINGS.take();
    }
    try {
      part.map(address);
    } catch (OutOfMemoryError refused) {
      if (under == null) {
        MAPPINGS.give();
      }
      throw refused;
    }
    part.keep();
    dropLatest();
    dropCopied();
    HostPages.LIMIT.give(counted);
    counted = 0;
    if (under != null) {
      under.drop();
    }
    under = part;
  }

  /**
   * They hold what an image does from now on.
   *
   * @param changed is told of each page that may have held something else, when all hold what they are to
   * @throws OutOfMemoryError if the host refuses it
   */
  void become(RamImage image, IntConsumer changed) {
    family = image.family();
    switch (image) {
      case RamImage.Mapped mapped -> become(mapped, changed);
      case RamImage.Copied other -> become(other.copy(), changed);
    }
  }

  private void become(RamImage.Mapped image, IntConsumer changed) {
    BitSet pages;
    if (under == image.part()) {
      pages = WrittenPages.of(address, size);
      if (pages.cardinality() > MOST_KEPT || !writeBack(image, pages)) {
        dropWritten(pages);
      }
    } else {
      put(image.part());
      pages = whole();
    }
    change(image, pages, changed);
  }

  private void become(ChunkCopy copy, IntConsumer changed) {
    if (copied == null) {
      long bytes = (long) copy.count() * PAGE;
      HostPages.LIMIT.take(bytes);
      HostPages.LIMIT.give(counted);
      counted = bytes;
      HostPages.small(address, size);
      dropPart();
      copied = CopiedPages.begin(address, size, copy.store());
      if (copied == null) {
        throw new OutOfMemoryError("the host doesn't say any more which pages are written (userfaultfd)");
      }
      copied.become(copy, page -> {});
      whole().stream().forEach(changed);
    } else {
      copied.become(copy, changed);
    }
  }

  /** Pages that differ from the image's part come to hold what they are to, then all that may have changed are told of. */
  private void change(RamImage.Mapped image, BitSet pages, IntConsumer changed) {
    BitSet others = image.others().pages();
    image.others().into(page -> view(page, 1));
    dropLatest();
    latest = image.others().keep();
    if (!others.isEmpty()) {
      pages.or(others);
    }
    for (int page = pages.nextSetBit(0); page >= 0; page = pages.nextSetBit(page + 1)) {
      changed.accept(page);
    }
  }

  /**
   * What was written gets what the image's part has, where that differs: who goes back again and again writes the same pages each time, and they stay its own.
   *
   * @param pages that were written; those that hold the same are taken out
   * @return whether that could be done
   */
  private boolean writeBack(RamImage.Mapped image, BitSet pages) {
    if (pages.isEmpty()) {
      return true;
    }
    MemorySegment part = image.part().view().orElse(null);
    if (part == null) {
      return false;
    }
    BitSet others = image.others().pages();
    MemorySegment all = view(0, size / PAGE);
    for (int page = pages.nextSetBit(0); page >= 0; page = pages.nextSetBit(page + 1)) {
      long from = (long) page * PAGE;
      if (others.get(page)) {
        continue;
      }
      long differs = MemorySegment.mismatch(all, from, from + PAGE, part, from, from + PAGE);
      if (differs < 0) {
        pages.clear(page);
      } else {
        MemorySegment.copy(part, from, all, from, PAGE);
      }
    }
    return true;
  }

  /** The host takes written pages back, and leaves the others where they are mapped already, unless these are in too many pieces. */
  private void dropWritten(BitSet pages) {
    int runs = 0;
    for (int first = pages.nextSetBit(0); first >= 0; first = pages.nextSetBit(pages.nextClearBit(first))) {
      runs++;
    }
    if (runs > MOST_RUNS) {
      HostPages.takeBack(address, size);
      return;
    }
    for (int first = pages.nextSetBit(0); first >= 0;) {
      int end = pages.nextClearBit(first);
      HostPages.takeBack(address + (long) first * PAGE, (long) (end - first) * PAGE);
      first = pages.nextSetBit(end);
    }
  }

  /** Pages that may be other than zeros: those that the host has given, or that are in the file and not zeros there. Null if that isn't known. */
  @Nullable
  BitSet held() {
    if (under == null) {
      return PageScan.there(address, size);
    }
    BitSet pages = WrittenPages.of(address, size);
    pages.or(under.data());
    return pages;
  }

  /**
   * All are zeros from now on, and take no memory until they are written.
   *
   * @throws OutOfMemoryError if this process may not have so much
   */
  void clear() {
    if (under == null) {
      takeBack(0, size);
    } else {
      HostPages.LIMIT.take(size);
      counted = size;
      replace();
    }
  }

  /** Some, of whole pages, are zeros from now on. Returns whether they are; else who asks writes them. */
  boolean clear(int offset, int length) {
    return under == null && takeBack(offset, length);
  }

  private boolean takeBack(int offset, int length) {
    boolean taken = HostPages.takeBack(address + offset, length);
    if (copied != null) {
      copied.cleared(offset, length);
    }
    return taken;
  }

  long address() {
    return address;
  }

  int size() {
    return size;
  }

  /** Whether they are a file's until they are written. */
  boolean shared() {
    return under != null;
  }

  /** Zeroed pages have been put where they are, or the host has taken them back: what they held is nobody's. */
  void forget() {
    dropCopied();
    dropPart();
  }

  /** By pages of their own. */
  private void replace() {
    HostPages.anonymous(address, size);
    forget();
  }
}
