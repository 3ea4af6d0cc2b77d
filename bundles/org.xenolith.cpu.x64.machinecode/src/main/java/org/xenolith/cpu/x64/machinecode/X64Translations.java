// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.xenolith.hostcode.kit.HostCode;
import org.xenolith.hostcode.kit.HostFeatures;
import org.xenolith.hostcode.kit.X64;
import org.xenolith.machine.kit.Ram;
import org.xenolith.x64.arch.X64Core;
import org.xenolith.x64.isa.X64Decoder;

/** The code of one engine, made of what is executed first. */
final class X64Translations {
  /** Bytes of code. */
  static final int SIZE = 64 << 20;
  static final int NO_CODE = -1;
  /** More than the code of what is translated at once has. */
  private static final int MARGIN = 1 << 20;

  private final HostCode host = HostCode.map(SIZE);
  private final X64 code;
  private final X64Thunks thunks = new X64Thunks();
  private final X64WaysOut leaving;
  private final X64NativePages pages;
  private final X64CodeTranslator translator;
  private final MemorySegment enter;
  private final long executed;
  /** Where code is translated next. */
  private int free;

  /**
   * Maps memory for code.
   *
   * @param decoder of the CPU's features
   * @param dropped is told of a page whose code is void
   */
  X64Translations(X64Core cpu, X64Decoder decoder, Consumer<X64NativePage> dropped) {
    // Before code is there: it overwrites the first bytes.
    HostFeatures features = HostFeatures.of(host);
    code = new X64(features.bits());
    leaving = new X64WaysOut(code, thunks);
    X64HeldRegisters registers = new X64HeldRegisters(code);
    int unknown = leaving.add(new X64WayOut(X64WayOut.Kind.LOOKUP, null, 0));
    executed = host.executed();
    thunks.emit(code, registers, executed, unknown);
    code.write(host);
    free = thunks.end() + 15 & -16;
    enter = MemorySegment.ofAddress(executed + thunks.enter());
    pages = new X64NativePages(cpu, thunks.miss(), dropped);
    translator = new X64CodeTranslator(code, leaving, thunks, registers, decoder);
  }

  /** The page at a physical address, without code if it is new; null if no RAM is there. */
  X64NativePage page(long frame) {
    return pages.at(frame);
  }

  /** The page at an offset in a chunk. */
  X64NativePage page(Ram ram, int offset) {
    return pages.at(ram, offset);
  }

  /** Where the first byte of code is executed. */
  long executed() {
    return executed;
  }

  X64WayOut wayOut(int number) {
    return leaving.get(number);
  }

  /** Executes code from a place on. Returns the number of the way out. */
  int enter(long state, int place) {
    return (int) HostCode.call(enter, state, executed + place);
  }

  /** Where the code of an instruction begins, made if need be; {@link #NO_CODE} if there was no room: then all code is void. */
  int at(X64NativePage page, int offset) {
    int known = page.entry(offset);
    if (known != 0) {
      return known;
    }
    if (free > SIZE - MARGIN) {
      pages.clear();
      leaving.clear(1);
      free = thunks.end() + 15 & -16;
      return NO_CODE;
    }
    code.begin(free);
    translator.translate(page, offset);
    code.write(host);
    free = code.at() + 15 & -16;
    return page.entry(offset);
  }

  /** A jump leads to a place from now on. */
  void patch(int jump, int place) {
    host.patchJump(jump, place);
  }

  void close() {
    pages.close();
  }
}
