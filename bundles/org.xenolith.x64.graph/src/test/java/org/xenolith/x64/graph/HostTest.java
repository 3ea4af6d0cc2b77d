// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.x64.X64Case;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.isa.Insn;

/**
 * Instructions as a processor of Intel's (Xeon, family 6) executed them, in user mode with random registers, flags, memory, x87 and SSE state: digests of all that it left,
 * exceptions included, made by {@link GoldenMaker}.
 */
class HostTest {
  @Test
  void instructionsDoWhatTheyDoOnAProcessor() throws IOException {
    X64TestMachine machine = new X64TestMachine(Interpreter::new);
    List<String> wrong = new ArrayList<>();
    Set<Insn> forms = EnumSet.noneOf(Insn.class);
    int cases = 0;
    try (DataInputStream in = new DataInputStream(new GZIPInputStream(HostTest.class.getResourceAsStream("x64-host.bin.gz")))) {
      for (;;) {
        byte[] code = in.readNBytes(in.readUnsignedByte());
        X64Case one = new X64Case(code, in.readInt());
        if (in.readLong() != one.digest(one.answer(machine))) {
          wrong.add(one.form + " " + HexFormat.of().formatHex(code));
        }
        forms.add(one.form);
        cases++;
      }
    } catch (EOFException end) {
      assertEquals(List.of(), wrong);
      assertTrue(cases > 5_000 && forms.size() > 600, cases + " cases of " + forms.size() + " forms");
    }
  }
}
