// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.SerialInterface;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;

/** A line of strings; the correct one keeps the contract. */
class TwinLineTest extends SerialIoContract {
  /** What is wrong with it. */
  enum Defect {
    NONE, SENDS_HALF, READS_TOO_MUCH, WRITES_BEHIND, SAYS_TOO_MUCH, ECHOES, NEVER_EMPTY, ALWAYS_EMPTY, NO_TIMEOUT, SENDS_FROM_NOWHERE,
    NO_SPEED
  }

  Defect defect = Defect.NONE;

  private final class Twin implements Line {
    private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    private final EfiRam memory = firmware.memory();
    private final long protocol = firmware.room(SerialInterface.SIZE);
    private final StringBuilder sent = new StringBuilder();
    private String come = "";

    Twin() {
      SerialInterface.write(memory, protocol, 16);
      if (defect == Defect.NO_SPEED) {
        memory.put64(memory.get64(protocol + 56) + 8, 0);
      }
      memory.put64(protocol + SerialInterface.FUNCTIONS + 24, firmware.guest(call -> {
        boolean empty = defect != Defect.NEVER_EMPTY && (come.isEmpty() || defect == Defect.ALWAYS_EMPTY);
        memory.put32(call.argument(1), empty ? SerialInterface.INPUT_EMPTY : 0);
        return EfiStep.done();
      }));
      memory.put64(protocol + SerialInterface.FUNCTIONS + 32, firmware.guest(this::write));
      memory.put64(protocol + SerialInterface.FUNCTIONS + 40, firmware.guest(this::read));
    }

    private EfiStep write(Call call) {
      if (defect == Defect.SENDS_FROM_NOWHERE) {
        sent.append('?');
      }
      int size = (int) memory.get64(call.argument(1));
      String text = new String(memory.read(call.argument(2), size), StandardCharsets.US_ASCII);
      sent.append(defect == Defect.SENDS_HALF ? text.substring(0, size / 2) : text);
      return EfiStep.done();
    }

    private EfiStep read(Call call) {
      long wanted = memory.get64(call.argument(1));
      int count = (int) Math.min(come.length(), defect == Defect.READS_TOO_MUCH ? wanted + 1 : wanted);
      memory.write(call.argument(2), come.substring(0, count).getBytes(StandardCharsets.US_ASCII));
      if (defect == Defect.WRITES_BEHIND) {
        memory.put8(call.argument(2) + count, 0);
      }
      if (defect == Defect.ECHOES) {
        sent.append(come, 0, count);
      }
      come = come.substring(count);
      memory.put64(call.argument(1), defect == Defect.SAYS_TOO_MUCH ? wanted : count);
      return EfiStep.done(count == wanted || defect == Defect.NO_TIMEOUT ? EfiStatus.SUCCESS : EfiStatus.TIMEOUT);
    }

    @Override
    public FakeFirmware firmware() {
      return firmware;
    }

    @Override
    public long protocol() {
      return protocol;
    }

    @Override
    public String sent() {
      return sent.toString();
    }

    @Override
    public void comes(String text) {
      come += text;
    }
  }

  @Override
  protected Line line() {
    return new Twin();
  }
}
