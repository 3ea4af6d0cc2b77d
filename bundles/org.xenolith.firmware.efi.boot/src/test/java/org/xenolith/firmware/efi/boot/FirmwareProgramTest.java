// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.a64.isa.Program;
import org.xenolith.efi.kit.RuntimeServicesCode.Conduit;

/** Stubs that are written without the assembler are what it would write. */
class FirmwareProgramTest {
  @Test
  void stubsNameTheirFunctionAndGoOnTogether() {
    for (Conduit conduit : new Conduit[] {Conduit.SMC, Conduit.HVC}) {
      FirmwareProgram program = FirmwareProgram.of(conduit);
      byte[] bytes = program.bytes();
      assertTrue(bytes.length <= FirmwareProgram.SIZE);
      for (int function : new int[] {0, 1, 77, FirmwareProgram.FUNCTIONS - 1}) {
        int at = (int) program.stub(function);
        assertEquals(function, program.function(at));
        byte[] stub = Arrays.copyOfRange(bytes, at, at + 8);
        assertArrayEquals(Assembler.program(at, "movz w17, #" + function + "\nb 0x%x\n".formatted(target(stub, at))).bytes(), stub);
        assertEquals(target(Arrays.copyOfRange(bytes, (int) program.stub(0), (int) program.stub(1)), (int) program.stub(0)), target(stub,
            at));
      }
      assertEquals(-1, program.function(program.stub(FirmwareProgram.FUNCTIONS)));
    }
  }

  /** What a start takes is what the source says; if not, the fresh files are put below target/ for whoever has changed it. */
  @Test
  void theAssembledProgramIsThatOfTheSource() throws IOException {
    Program program = ProgramSource.assemble(Conduit.SMC);
    Path fresh = Files.createDirectories(Path.of("target", "program"));
    Files.write(fresh.resolve(A64Program.ASSEMBLED), program.bytes());
    Files.writeString(fresh.resolve(A64Program.LABELS), ProgramSource.labels(program));
    String remedy = "copy " + fresh + "/* into src/main/resources/org/xenolith/firmware/efi/boot";
    for (String name : List.of(A64Program.ASSEMBLED, A64Program.LABELS)) {
      try (InputStream kept = FirmwareProgram.class.getResourceAsStream(name)) {
        assertArrayEquals(Files.readAllBytes(fresh.resolve(name)), kept == null ? null : kept.readAllBytes(), remedy);
      }
    }
    for (Conduit conduit : new Conduit[] {Conduit.SMC, Conduit.HVC}) {
      byte[] assembled = ProgramSource.assemble(conduit).bytes();
      assertArrayEquals(assembled, Arrays.copyOf(FirmwareProgram.of(conduit).bytes(), assembled.length), conduit::toString);
    }
  }

  /** Where the second instruction branches to. */
  private static int target(byte[] stub, int at) {
    int word = stub[4] & 0xFF | (stub[5] & 0xFF) << 8 | (stub[6] & 0xFF) << 16 | stub[7] << 24;
    return at + 4 + (word << 6 >> 4);
  }
}
