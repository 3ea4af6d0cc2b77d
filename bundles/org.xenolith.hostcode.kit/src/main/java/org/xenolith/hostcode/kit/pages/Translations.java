// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.xenolith.hostcode.kit.HandedCode;
import org.xenolith.hostcode.kit.HostCode;
import org.xenolith.hostcode.kit.HostFeatures;
import org.xenolith.hostcode.kit.X64;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.machine.kit.Ram;

/**
 * The code of one engine: made of what is executed first, or by an earlier engine that had the same instructions, or by that of a machine that its own is a fork of. The thread of such a fork takes
 * code over while this engine's own may execute and translate: what changes pages, ways out or code is done alone, by the lock of {@link CodePages}.
 */
public final class Translations {
  /** Bytes of code. */
  public static final int SIZE = 64 << 20;
  public static final int NO_CODE = -1;
  /**
   * Pages that have a table, and as many whose code was made and is void: each takes the host some kibibytes, however little code it has. A guest that has a branch in each page of
   * its memory, or writes the same code over and over, would have all of the host's memory else.
   */
  public static final int MOST_PAGES = 16_384;
  /** More than the code of what is translated at once has. */
  private static final int MARGIN = 1 << 20;

  private final HostCode host = HostCode.map(SIZE);
  private final ExitTable exits;
  private final CodeFrontEnd front;
  private final X64 code;
  private final CodePages pages;
  private final @Nullable KeptTranslations keeping;
  private final MemorySegment enter;
  private final long executed;
  private final int origin;
  private final int firstExit;
  /** Where code that is used once begins, and what is translated next. */
  private int free;
  /** Exits of code before that. */
  private int kept;
  private boolean begun;
  /** What code depends on besides the instructions: an engine has another one's only if this is the same. */
  final Object kind;
  /** What is an engine's of a machine that this one's is a fork of, or went on from the same state as; null for nothing. */
  private @Nullable TakenCode taken;
  /** How often code was handed over. */
  private int handed;
  private boolean closed;

  /**
   * Maps memory for code.
   *
   * @param dropped is told of a page whose code is void
   * @param folder  where code is kept for other engines; null for nowhere
   * @param asked   asks what the host can do, and overwrites the first bytes of code
   */
  public Translations(CodeOwner cpu, CodeFrontEnd front, ExitTable exits, Consumer<NativePage> dropped, TranslationFolder folder,
      Function<HostCode, HostFeatures> asked) {
    this.exits = exits;
    this.front = front;
    // Before code is there: it overwrites the first bytes.
    HostFeatures features = asked.apply(host);
    code = new X64(features.bits());
    executed = host.executed();
    CodeFrontEnd.Beginning beginning = front.begin(code, features, executed);
    code.write(host);
    origin = beginning.end() + 15 & -16;
    free = origin;
    firstExit = exits.count();
    kept = firstExit;
    enter = MemorySegment.ofAddress(executed + beginning.enter());
    pages = new CodePages(cpu, new CodeTables(executed, cpu.shift(), beginning.miss()), beginning.miss(), dropped, folder != null);
    kind = List.of(front.getClass(), cpu.kind(), features.toString(), cpu.index(), origin, firstExit);
    RelatedEngines.add(this);
    keeping = folder == null ? null : new KeptTranslations(folder, cpu, features, exits, origin);
  }

  /**
   * Whether this process can have an engine that writes code.
   *
   * @param suffices whether the host can do what its code relies on; overwrites the first bytes of code
   */
  public static boolean possible(Predicate<HostCode> suffices) {
    if (!HostMemory.OUTSIDE || !System.getProperty("os.arch").equals("amd64") || !System.getProperty("os.name").equals("Linux")) {
      return false;
    }
    try {
      // As much as an engine has: a limit of the process may allow less (RLIMIT_FSIZE).
      return suffices.test(HostCode.map(SIZE));
    } catch (UnsupportedOperationException refused) {
      return false;
    }
  }

  /** The page at a physical address, without code if it is new; null if no RAM is there. */
  public NativePage page(long frame) {
    return pages.at(frame);
  }

  /** The page at an offset in a chunk, without code if it is new. */
  public NativePage page(Ram ram, int offset) {
    return pages.at(ram, offset);
  }

  /** Where the first byte of code is executed. */
  public long executed() {
    return executed;
  }

  /** Executes code from a place on. Returns the way out. */
  public int enter(long state, int place) {
    return (int) HostCode.call(enter, state, executed + place);
  }

  /** Where the code of an instruction begins, made if need be; {@link #NO_CODE} if there was no room: then all code is void. */
  public int at(NativePage page, int index) {
    int known = page.entry(index);
    return known != 0 ? known : make(page, index);
  }

  private int make(NativePage page, int index) {
    synchronized (pages) {
      return makeAlone(page, index);
    }
  }

  private int makeAlone(NativePage page, int index) {
    if (free > SIZE - MARGIN || pages.count() > MOST_PAGES || exits.owned() >= MOST_PAGES) {
      clear();
      return NO_CODE;
    }
    if (page.number == NativePage.NONE) {
      own(page, index);
      int known = page.entry(index);
      if (known != 0) {
        return known;
      }
    }
    exits.clear(kept);
    if (keeping != null) {
      keeping.grows(host, free, MARGIN);
    }
    code.begin(free);
    front.translate(page, index);
    code.write(host);
    free = code.at() + 15 & -16;
    kept = exits.count();
    return page.entry(index);
  }

  /** A page has code from now on: that of another engine's page with the same instructions, or none yet. */
  private void own(NativePage page, int index) {
    page.since = handed;
    if (!begun) {
      begun = true;
      begin(page);
    }
    page.broken = page.hasBreakpoints();
    if (page.broken) {
      if (keeping != null) {
        keeping.spoil();
      }
    } else if (taken != null ? taken.adopt(page, exits) : keeping != null && keeping.adopt(page, index)) {
      return;
    }
    exits.own(page);
  }

  private void begin(NativePage first) {
    exits.clear(kept);
    taken = RelatedEngines.take(this, first.ram);
    if (taken == null && keeping != null) {
      free = keeping.begin(first, host);
    }
    kept = exits.count();
  }

  /** Whether an engine with a chunk of memory may find the same instructions here. Any thread. */
  boolean related(Ram ram) {
    return pages.related(ram);
  }

  /**
   * Has the code of another engine from now on, page by page. It has none of its own yet.
   *
   * @return null if that has none, or the host refuses it
   */
  @Nullable
  TakenCode takeFrom(Translations other) {
    HandedCode part;
    ExitTable.Handed ways;
    int end;
    int time;
    synchronized (other.pages) {
      part = other.closed || other.free <= origin ? null : other.host.hand(other.free);
      if (part == null) {
        return null;
      }
      end = other.free;
      ways = other.exits.hand(other.kept);
      time = ++other.handed;
    }
    if (!host.take(part, origin)) {
      return null;
    }
    exits.take(ways);
    free = end;
    return new TakenCode(other.pages, () -> other.free, end, time);
  }

  /** Pages whose code was taken over from another engine. */
  public int taken() {
    return taken == null ? 0 : taken.pages();
  }

  /** Pages that the host has memory for: those that may be executed, and those whose code is void. */
  public int held() {
    return Math.max(pages.count(), exits.owned());
  }

  private void clear() {
    pages.clear();
    exits.forgetPages();
    kept = firstExit;
    if (taken != null || handed > 0) {
      // Others execute it, and have its ways out.
      taken = null;
      host.renew(origin);
      exits.renew(kept);
    } else {
      exits.clear(kept);
    }
    free = origin;
    if (keeping != null) {
      keeping.forget();
    }
  }

  /** Code that is used once is emitted next, up to {@link #endOnce}. Returns where it begins. */
  public int beginOnce() {
    exits.clear(kept);
    code.begin(free);
    return free;
  }

  /** Such code is complete. */
  public void endOnce() {
    code.write(host);
  }

  /** A jump leads to a place from now on. */
  public void patch(int jump, int place) {
    synchronized (pages) {
      host.patchJump(jump, place);
    }
  }

  /** Nothing is executed any more. Keeps what is worth it. */
  public void close() {
    RelatedEngines.remove(this);
    synchronized (pages) {
      closed = true;
      taken = null;
      if (keeping != null) {
        exits.clear(kept);
        keeping.keep(host, free);
      }
      pages.close();
      host.release();
    }
  }
}
