// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.a64.isa.Program;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.kit.RuntimeServicesCode.Conduit;

/** The program as the assembler makes it of its source. */
final class ProgramSource {
  private static final int VECTORS = 16;
  private static final List<String> LABELS = List.of("common", "gic", "gicv3", "stubs", "touch");

  private ProgramSource() {}

  static Program assemble(Conduit conduit) {
    return Assembler.program(0, source(conduit));
  }

  /** The file of labels that goes with it. */
  static String labels(Program program) {
    return LABELS.stream().map(each -> each + ' ' + program.address(each) + '\n').collect(Collectors.joining());
  }

  static String source(Conduit conduit) {
    Map<String, Long> constants = new LinkedHashMap<>();
    constants.put("SIZE", (long) FirmwareProgram.SIZE);
    constants.put("ENTER", Integer.toUnsignedLong(FirmwareProgram.ENTER));
    constants.put("SERVICE", Integer.toUnsignedLong(FirmwareProgram.SERVICE));
    constants.put("RETURNED", Integer.toUnsignedLong(FirmwareProgram.RETURNED));
    constants.put("WOKEN", Integer.toUnsignedLong(FirmwareProgram.WOKEN));
    constants.put("TOOK", Integer.toUnsignedLong(FirmwareProgram.TOOK));
    constants.put("CALL", (long) FirmwareProgram.CALL);
    constants.put("WAIT", (long) FirmwareProgram.WAIT);
    constants.put("RESUME", (long) FirmwareProgram.RESUME);
    constants.put("IRQ", (long) A64Program.IRQ);
    constants.put("FRAME", (long) A64Program.FRAME);
    constants.put("FRAME_RESULT", (long) A64Program.FRAME_RESULT);
    constants.put("EXCEPTION", (long) A64Program.EXCEPTION);
    constants.put("EXCEPTION_ELR", (long) A64Program.EXCEPTION_ELR);
    constants.put("MOST_READS_HIGH", (long) EfiAccess.MOST_READS >> 16);
    StringBuilder text = new StringBuilder(constants.entrySet().stream().map(each -> each.getKey() + " = 0x" + Long.toHexString(each
        .getValue()) + '\n').collect(Collectors.joining()));
    try (InputStream in = FirmwareProgram.class.getResourceAsStream("program.s")) {
      text.append(new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("CONDUIT", conduit == Conduit.SMC ? "smc" : "hvc"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // x1 is kept first: no instruction can name the vector before a register is free.
    text.append(".balign 2048\nvectors:\n");
    for (int i = 0; i < VECTORS; i++) {
      text.append(".balign 128\nsub sp, sp, #EXCEPTION\nstp x0, x1, [sp]\nmov x1, #").append(i).append("\nb exception\n");
    }
    return text.append(".balign 4096\nstubs:\n").toString();
  }
}
