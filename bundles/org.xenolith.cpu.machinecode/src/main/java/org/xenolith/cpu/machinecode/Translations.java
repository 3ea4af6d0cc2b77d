// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import java.util.function.Function;
import org.xenolith.a64.isa.Decoder;
import org.xenolith.cpu.arch.Cpu;
import org.xenolith.hostcode.kit.HostCode;
import org.xenolith.hostcode.kit.HostFeatures;
import org.xenolith.hostcode.kit.X64;

/** The code of one engine: made of what is executed first, or by an earlier engine that had the same instructions. */
final class Translations {
  /** Bytes of code. */
  static final int SIZE = 64 << 20;
  static final int NO_CODE = -1;
  /** More than the code of what is translated at once has. */
  static final int MARGIN = 1 << 20;

  final CodeExits exits = new CodeExits();
  private final HostCode host = HostCode.map(SIZE);
  private final X64 code;
  private final Thunks thunks = new Thunks();
  private final CodePages pages;
  final CodeTranslator translator;
  private final KeptTranslations keeping;
  private final MemorySegment enter;
  private final long executed;
  private final int firstExit;
  /** Where code that is used once begins, and what is translated next. */
  private int free;
  /** Exits of code before that. */
  private int kept;
  private boolean begun;

  /**
   * Maps memory for code.
   *
   * @param decoder of the CPU's features
   * @param dropped is told of a page whose code is void
   * @param folder  where code is kept for other engines; null for nowhere
   * @param asked   asks what the host can do, and overwrites the first bytes of code
   */
  Translations(Cpu cpu, Decoder decoder, Consumer<TranslatedPage> dropped, TranslationFolder folder,
      Function<HostCode, HostFeatures> asked) {
    // Before code is there: it overwrites the first bytes.
    HostFeatures features = asked.apply(host);
    code = new X64(features.bits());
    GuestRegisters registers = new GuestRegisters(code);
    int unknown = exits.add(CodeExits.LOOKUP, null, 0);
    firstExit = unknown + 1;
    kept = firstExit;
    thunks.emit(code, registers, host.executed(), unknown);
    code.write(host);
    free = thunks.end();
    executed = host.executed();
    enter = MemorySegment.ofAddress(executed + thunks.enter());
    pages = new CodePages(cpu, new CodeTables(host.executed()), thunks.miss(), dropped, folder != null);
    translator = new CodeTranslator(code, thunks, exits, registers, decoder, cpu.registers, features);
    keeping = folder == null ? null : new KeptTranslations(folder, cpu, decoder, features, exits, thunks.end());
  }

  /** The page at a physical address, without code if it is new; null if no RAM is there. */
  TranslatedPage page(long frame) {
    return pages.at(frame);
  }

  /** Where the first byte of code is executed. */
  long executed() {
    return executed;
  }

  /** Executes code from a place on. Returns the way out. */
  int enter(long state, int place) {
    return (int) HostCode.call(enter, state, executed + place);
  }

  /** Where the code of an instruction begins, made if need be; {@link #NO_CODE} if there was no room: then all code is void. */
  int at(TranslatedPage page, int index) {
    int known = page.entry(index);
    if (known != 0) {
      return known;
    }
    if (page.number == TranslatedPage.NONE) {
      own(page, index);
      known = page.entry(index);
      if (known != 0) {
        return known;
      }
    }
    if (free > SIZE - MARGIN) {
      clear();
      return NO_CODE;
    }
    exits.clear(kept);
    if (keeping != null) {
      keeping.grows(host, free, MARGIN);
    }
    code.begin(free);
    translator.translate(page, index);
    code.write(host);
    free = code.at() + 15 & -16;
    kept = exits.count();
    return page.entry(index);
  }

  /** A page has code from now on: that of an earlier engine's page with the same instructions, or none yet. */
  private void own(TranslatedPage page, int index) {
    if (keeping != null) {
      if (!begun) {
        begun = true;
        exits.clear(kept);
        free = keeping.begin(page, host);
        kept = exits.count();
      }
      if (keeping.adopt(page, index)) {
        return;
      }
    }
    exits.own(page);
  }

  private void clear() {
    pages.clear();
    exits.forgetPages();
    kept = firstExit;
    exits.clear(kept);
    free = thunks.end();
    if (keeping != null) {
      keeping.forget();
    }
  }

  /** Code of so many instructions from one on, of which all have code, that leaves behind them. It is used once. */
  int part(TranslatedPage page, int first, int instructions) {
    exits.clear(kept);
    code.begin(free);
    translator.part(page, first, instructions);
    code.write(host);
    return free;
  }

  /** A jump leads to a place from now on. */
  void patch(int jump, int place) {
    host.patchJump(jump, place);
  }

  /** Nothing is executed any more. Keeps what is worth it. */
  void close() {
    if (keeping != null) {
      exits.clear(kept);
      keeping.keep(host, free);
    }
    pages.close();
  }
}
