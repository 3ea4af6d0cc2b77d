// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What chunks of RAM held at a moment, without a copy: the host shares their pages between them and all chunks that are made of this, until one is written. What was in no file yet is written to one once; a
 * chunk that hasn't been written since costs nothing more. Its memory is given back when this is closed, or nobody refers to it, and no chunk holds it any more.
 */
public final class RamImages implements AutoCloseable {
  private static final int PAGE = 1 << Ram.PAGE_SHIFT;
  /** Pages that are kept by themselves at most, of all chunks together: each that is made of this has a copy of them. */
  private static final int MOST_COPIES = 256;

  /** Gives back what nobody closed. */
  private static final class Forgotten {
    static final Cleaner CLEANER = Cleaner.create();
  }

  private final List<RamImage> images;
  private final PageStore store;
  private final Runnable closing;

  private RamImages(List<RamImage> images, PageStore store) {
    this.images = images;
    this.store = store;
    AtomicBoolean closed = new AtomicBoolean();
    Runnable drop = () -> {
      if (!closed.getAndSet(true)) {
        images.forEach(RamImage::drop);
      }
    };
    closing = drop;
    Forgotten.CLEANER.register(this, drop);
  }

  /** Whether this host can do that: guests' memory is outside the heap, and it is Linux. */
  public static boolean possible() {
    return MemoryFile.possible() && WrittenPages.known();
  }

  /**
   * What some chunks hold now; nobody writes them meanwhile.
   *
   * @param store has copies of single pages
   * @throws OutOfMemoryError if the host refuses it, or this process may not have so much; the message says what
   */
  public static RamImages of(List<Ram> chunks, PageStore store) {
    int[] copies = {MOST_COPIES};
    return of(chunks, store, pages -> {
      boolean enough = pages <= copies[0];
      copies[0] -= enough ? pages : 0;
      return enough;
    }, false);
  }

  /**
   * The same for one of many that follow each other soon: a copy of what was written since the one before, which takes that memory and about that long, and has no chunk share its pages. Where the host
   * doesn't say what was written since ({@link WriteProtection}), or a chunk shares its pages already, it is what was written since some of them was made.
   *
   * @param own whether the store counts for the machine that has these chunks: what they share with files then takes no memory besides
   */
  public static RamImages next(List<Ram> chunks, PageStore store, boolean own) {
    return next(chunks, store, own, true);
  }

  /** The same. @param copied whether by copies, where the host allows it */
  static RamImages next(List<Ram> chunks, PageStore store, boolean own, boolean copied) {
    RamImages next = of(chunks, store, pages -> true, copied);
    store.begun();
    if (own) {
      store.shared(next.images.stream().mapToLong(RamImage::shared).sum() << Ram.PAGE_SHIFT);
    }
    return next;
  }

  private static RamImages of(List<Ram> chunks, PageStore store, IntPredicate few, boolean copied) {
    @Nullable MemoryFile[] file = {null};
    List<RamImage> images = new ArrayList<>();
    try {
      for (Ram chunk : chunks) {
        RamImage copy = copied ? chunk.copy(store) : null;
        images.add(copy != null ? copy : chunk.image(() -> file[0] == null ? file[0] = MemoryFile.create() : file[0], store, few));
      }
      return new RamImages(images, store);
    } catch (OutOfMemoryError refused) {
      images.forEach(RamImage::drop);
      throw refused;
    } finally {
      if (file[0] != null) {
        file[0].complete();
      }
    }
  }

  /**
   * What a file has of a chunk.
   *
   * @param file   that
   * @param base   physical address of the chunk
   * @param size   its bytes
   * @param offset of its first byte in the file, at the begin of a page
   * @param others pages of it, by their numbers, that held something else
   * @param bytes  what these held, in ascending order
   */
  public record Kept(SavedPages file, long base, int size, long offset, BitSet others, byte[] bytes) {
    private RamImage image(MemoryFile opened, PageStore store) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      PageCopies copies = PageCopies.of(store, others, page -> {
        MemorySegment one = MemorySegment.ofBuffer(rest).asSlice(0, PAGE);
        rest.position(rest.position() + PAGE);
        return one;
      }, null);
      return new RamImage.Mapped(base, size, new Object(), opened.part(offset, size, file.data(offset, size), store), copies);
    }
  }

  /**
   * What files say that chunks held. Nobody changes these as long as some chunk is made of this.
   *
   * @throws OutOfMemoryError if the host refuses it
   */
  public static RamImages of(Collection<Kept> chunks) {
    Map<SavedPages, MemoryFile> files = new IdentityHashMap<>();
    try {
      PageStore store = new PageStore();
      return new RamImages(chunks.stream().map(each -> each.image(files.computeIfAbsent(each.file, file -> MemoryFile.open(file.file())),
          store)).toList(),
          store);
    } finally {
      files.values().forEach(MemoryFile::complete);
    }
  }

  /** Has copies of single pages; who is made of this may have its own there, too. */
  public PageStore store() {
    return store;
  }

  /** Chunks. */
  public int count() {
    return images.size();
  }

  /** Physical address of one. */
  public long base(int chunk) {
    return images.get(chunk).base();
  }

  /** Bytes of one. */
  public int size(int chunk) {
    return images.get(chunk).size();
  }

  /**
   * A chunk that holds what one held.
   *
   * @throws OutOfMemoryError if the host refuses it
   */
  public Ram make(int chunk) {
    return new Ram(images.get(chunk));
  }

  /**
   * A chunk of the same size holds what one held from now on. Who has decoded code of pages that may have held something else, or watches these, is told.
   *
   * @throws OutOfMemoryError if the host refuses it
   */
  public void restore(int chunk, Ram ram) {
    ram.become(images.get(chunk));
  }

  /**
   * Whether bytes may have been written between an earlier image of the same machine's chunks and this, even with what they held.
   *
   * @param address physical address of the first
   * @return true also if that isn't known, as of what is no chunk's
   */
  public boolean written(RamImages earlier, long address, long length) {
    for (long page = address & -PAGE; page < address + length; page += PAGE) {
      RamImage then = earlier.chunk(page);
      RamImage now = chunk(page);
      if (then == null || now == null || now.written(then, (int) (page - now.base() >>> Ram.PAGE_SHIFT))) {
        return true;
      }
    }
    return false;
  }

  private @Nullable RamImage chunk(long address) {
    return images.stream().filter(each -> each.base() <= address && address < each.base() + each.size()).findFirst().orElse(null);
  }

  /** Nobody makes anything of this any more. */
  @Override
  public void close() {
    closing.run();
  }
}
