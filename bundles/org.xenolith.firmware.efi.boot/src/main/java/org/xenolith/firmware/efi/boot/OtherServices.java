// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.Arrays;
import java.util.Map;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;

/** Time, checksums, copies, configuration tables (UEFI 2.10, 7.5), and the end of boot services (7.4.6). */
final class OtherServices {
  private static final int PIECE = 1 << 16;
  private static final long MOST = 1L << 32;
  /** Bytes that are copied, filled or summed up before the guest's time goes on, and microseconds that then pass. */
  static final long AT_ONCE = 1 << 20;
  private static final long PAUSE = 100;

  /** Steps of ExitBootServices: those who want to know before others are told, then all, and then nothing is there any more. */
  private enum Exiting {
    SIGNAL_BEFORE, SIGNAL, LEAVE
  }

  /** Number of CalculateCrc32: the checksum of what it has seen. Its answer's place may be in what it has not. */
  private enum ChecksumSlot {
    CRC
  }

  private final BootFirmware firmware;

  OtherServices(BootFirmware firmware) {
    this.firmware = firmware;
  }

  void addTo(Map<String, EfiFunction> functions) {
    functions.put(BootService.INSTALL_CONFIGURATION_TABLE.name(), this::configuration);
    functions.put(BootService.STALL.name(), this::stall);
    functions.put(BootService.SET_WATCHDOG_TIMER.name(), call -> EfiStep.done());
    functions.put(BootService.GET_NEXT_MONOTONIC_COUNT.name(), this::count);
    functions.put(BootService.CALCULATE_CRC32.name(), this::crc);
    functions.put(BootService.COPY_MEM.name(), this::copy);
    functions.put(BootService.SET_MEM.name(), this::set);
    functions.put(BootService.EXIT_BOOT_SERVICES.name(), this::exit);
  }

  private EfiStep configuration(Call call) {
    if (call.argument(0) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    firmware.tables().configuration(firmware.memory().guid(call.argument(0)), call.argument(1));
    return EfiStep.done();
  }

  private EfiStep stall(Call call) {
    return !call.isAt(AskOnce.ASK) ? EfiStep.done() : new EfiStep.Wait(AskOnce.ANSWERED, firmware.after(Math.min(call.argument(0)
        & Long.MAX_VALUE, 1L << 40)));
  }

  /** Rises with each call; the counter of the generic timer never gives the same twice. */
  private EfiStep count(Call call) {
    firmware.memory().put64(call.argument(0), firmware.counter());
    return EfiStep.done();
  }

  private EfiStep crc(Call call) {
    long size = call.argument(1);
    if (call.argument(0) == 0 || size <= 0 || size > MOST || call.argument(2) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    int crc = (int) call.get(ChecksumSlot.CRC);
    long end = Math.min(size, begin(call) + AT_ONCE);
    for (long at = begin(call); at < end; at += PIECE) {
      crc = RunningCrc32.of(crc, firmware.memory().read(call.argument(0) + at, (int) Math.min(PIECE, size - at)));
    }
    if (end < size) {
      call.set(ChecksumSlot.CRC, crc);
      return later(call);
    }
    firmware.memory().put32(call.argument(2), crc);
    return EfiStep.done();
  }

  private EfiStep copy(Call call) {
    EfiRam memory = firmware.memory();
    long to = call.argument(0);
    long from = call.argument(1);
    long size = call.argument(2);
    boolean backwards = Long.compareUnsigned(from, to) < 0;
    long end = Math.min(size, begin(call) + AT_ONCE);
    for (long done = begin(call); done < end && size <= MOST; done += PIECE) {
      long piece = Math.min(PIECE, size - done);
      long at = backwards ? size - done - piece : done;
      memory.write(to + at, memory.read(from + at, (int) piece));
    }
    return end < size && size <= MOST ? later(call) : EfiStep.done();
  }

  /** Where a call goes on: its steps are no sequence but count the pieces that it has seen. */
  private static long begin(Call call) {
    return call.step() * AT_ONCE;
  }

  private EfiStep later(Call call) {
    return new EfiStep.Wait(call.step() + 1, firmware.after(PAUSE));
  }

  private EfiStep set(Call call) {
    long size = call.argument(1);
    if (size <= 0 || size > MOST) {
      return EfiStep.done();
    }
    byte[] piece = new byte[(int) Math.min(PIECE, size)];
    Arrays.fill(piece, (byte) call.argument(2));
    long end = Math.min(size, begin(call) + AT_ONCE);
    for (long at = begin(call); at < end; at += piece.length) {
      firmware.memory().write(call.argument(0) + at, size - at < piece.length ? Arrays.copyOf(piece, (int) (size - at)) : piece);
    }
    return end < size ? later(call) : EfiStep.done();
  }

  /** Whoever wants to know is told first; what they change in the memory map makes the caller's key an old one. */
  private EfiStep exit(Call call) {
    if (!((OpenCall) call).entered) {
      return EfiStep.done(EfiStatus.UNSUPPORTED); // a layer, which nobody could return to
    }
    if (call.argument(1) != firmware.pageMap().key() || !firmware.handles().exists(call.argument(0))) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    Events events = firmware.events();
    if (!call.isAt(Exiting.LEAVE)) {
      boolean first = call.isAt(Exiting.SIGNAL_BEFORE);
      events.signal(first ? Events.BEFORE_EXIT_GROUP : Events.EXIT_GROUP);
      return EfiStep.call(first ? Exiting.SIGNAL : Exiting.LEAVE, firmware.function(CoreServices.LAYER, CoreServices.NOTIFY), 0);
    }
    events.clear();
    firmware.engine().leaveAllBut((OpenCall) call);
    firmware.exitBootServices();
    return EfiStep.done();
  }
}
