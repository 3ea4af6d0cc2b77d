// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.efi;

import java.util.List;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.HandleDatabase;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.fuzz.InputBytes;

/** A boot manager that calls what an input says, by the pointers that any program has. */
final class ScriptedManager implements EfiLayer {
  private static final int SCRATCH_PAGES = 32;
  private static final int SCRATCH = SCRATCH_PAGES * 4096;
  private static final int SLOTS = 16;
  private static final int SLOT = 0x100;
  private static final int PROGRAM_AT = 0x4000;
  private static final int MOST_CALLS = 48;
  private static final int MOST_FUNCTIONS = 20;

  private InputBytes input = new InputBytes(new byte[0]);
  private final byte[] program;
  private int calls;
  private boolean over;

  /** @param program a PE file that lies where calls may say it does */
  ScriptedManager(byte[] program) {
    this.program = program.clone();
  }

  void script(InputBytes now) {
    input = now;
    calls = 0;
    over = false;
  }

  /** Whether the script came to its end. */
  boolean isOver() { return over; }

  @Override
  public String name() {
    return "efi.manager";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public void begin(Firmware firmware) {
    // the core calls Boot when all layers have begun
  }

  @Override
  public EfiFunction function(String name) {
    return switch (name) {
      case "Boot" -> this::boot;
      case "Guest" -> call -> EfiStep.done(call.argument(0) & 1);
      default -> null;
    };
  }

  /** Number 0 is the scratch memory. */
  private EfiStep boot(Call call) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    if (call.step() == 0) {
      call.set(0, firmware.pages(SCRATCH_PAGES));
      memory.write(call.get(0) + PROGRAM_AT, program);
      List<EfiGuid> guids = firmware.handles().handles(null).stream().flatMap(each -> firmware.handles().protocols(each).stream())
          .distinct()
          .limit(SLOTS).toList();
      for (int i = 0; i < guids.size(); i++) {
        memory.write(call.get(0) + (long) i * SLOT, guids.get(i).toBytes());
      }
    }
    while (!input.end() && ++calls < MOST_CALLS) {
      int what = input.next();
      if (what == 0xFF) {
        int at = (int) input.next(2) % (SCRATCH - 256);
        memory.write(call.get(0) + at, input.take(1 + input.next() % 32));
      } else {
        long function = (what & 0x80) != 0 ? protocol(firmware) : firmware.service(service(what));
        long[] arguments = new long[8];
        int count = input.next() % 9;
        for (int i = 0; i < count; i++) {
          arguments[i] = argument(call);
        }
        if ((what & 0x80) != 0) {
          arguments[0] = interfaceAt;
        }
        if (function != 0) {
          return EfiStep.call(1, function, arguments);
        }
      }
    }
    over = true;
    return new EfiStep.Wait(2, firmware.after(1_000_000_000));
  }

  private static BootService service(int what) {
    return BootService.values()[what % BootService.values().length];
  }

  /** The interface whose function is called. */
  private long interfaceAt;

  /** A function of a protocol of some handle; 0 if it has none there. */
  private long protocol(Firmware firmware) {
    HandleDatabase handles = firmware.handles();
    List<Long> all = handles.handles(null);
    long handle = all.get(input.next() % all.size());
    List<EfiGuid> protocols = handles.protocols(handle);
    interfaceAt = handles.find(handle, protocols.get(input.next() % protocols.size()));
    return interfaceAt == 0 ? 0 : firmware.memory().get64(interfaceAt + 8L * (input.next() % MOST_FUNCTIONS));
  }

  private long argument(Call call) {
    Firmware firmware = call.firmware();
    int how = input.next();
    long slot = call.get(0) + (long) (how >> 3 & SLOTS - 1) * SLOT;
    return switch (how & 7) {
      case 0 -> how >> 3;
      case 1 -> slot;
      case 2 -> handle(firmware, how >> 3);
      case 3 -> input.next(8);
      case 4 -> firmware.memory().get64(slot);
      case 5 -> firmware.function(this, "Guest");
      case 6 -> call.get(0) + PROGRAM_AT + (how >> 3);
      default -> input.next(2);
    };
  }

  private static long handle(Firmware firmware, int index) {
    List<Long> all = firmware.handles().handles(null);
    return all.get(index % all.size());
  }
}
