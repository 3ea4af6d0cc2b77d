// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.testkit.Lane;
import org.xenolith.testkit.x64.X64Case;
import org.xenolith.testkit.x64.X64SequenceMaker;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.graph.Interpreter;

/** Machine code comes to the same state as the interpreter, with all that instructions leave undefined, after as many instructions. */
class MachineCodeTest {
  private static final int SHOWN = 10;

  @TestFactory
  Stream<DynamicTest> sequencesComeToTheSameState() {
    return HostMemory.OUTSIDE ? Stream.of(DynamicTest.dynamicTest("sequences", () -> assertEquals(List.of(), differences(1, Lane.full()
        ? 1_000_000
        : 20_000)))) : Stream.empty();
  }

  /** What differs of so many sequences. */
  private static List<String> differences(long seed, int count) {
    X64SequenceMaker maker = new X64SequenceMaker(seed);
    X64TestMachine expected = new X64TestMachine(Interpreter::new);
    X64TestMachine actual = new X64TestMachine(cpu -> new MachineCodeEngine(cpu, null));
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < count && wrong.size() < SHOWN; i++) {
      X64Case one = maker.next();
      String difference = difference(one.answer(expected), one.answer(actual));
      if (expected.cpu.retired() != actual.cpu.retired()) {
        difference += "%d instructions, not %d".formatted(actual.cpu.retired(), expected.cpu.retired());
      }
      if (!difference.isEmpty()) {
        wrong.add("seed %d, sequence %d, %s: %s".formatted(seed, i, HexFormat.of().formatHex(one.code), difference));
      }
    }
    return wrong;
  }

  private static String difference(byte[] expected, byte[] actual) {
    ByteBuffer one = ByteBuffer.wrap(expected).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer other = ByteBuffer.wrap(actual).order(ByteOrder.LITTLE_ENDIAN);
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < expected.length; at += 8) {
      if (one.getLong(at) != other.getLong(at)) {
        text.append("word %d is %x, not %x; ".formatted(at / 8, other.getLong(at), one.getLong(at)));
      }
    }
    return text.toString();
  }
}
