// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;

/** What a person at the console is told of a program on a disk that isn't loaded, or that comes back. */
class FailedStartTest {
  private static final int CONSOLE_OUT = 64;
  private static final int OUTPUT_STRING = 8;

  private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private final ManagerLayer layer = new ManagerLayer();
  private final List<String> said = new ArrayList<>();
  private long loading;
  private long running;

  @BeforeEach
  void aDiskWithAProgram() {
    firmware.service(BootService.LOAD_IMAGE, call -> {
      long image = firmware.room(96);
      firmware.memory().put64(call.argument(5), firmware.handles().install(0, Protocol.LOADED_IMAGE, image));
      return EfiStep.done(loading);
    });
    firmware.service(BootService.SET_WATCHDOG_TIMER, call -> EfiStep.done());
    firmware.service(BootService.START_IMAGE, call -> EfiStep.done(running));
    byte[] path = new DevicePath().bytes();
    long at = firmware.room(path.length);
    firmware.memory().write(at, path);
    long disk = firmware.handles().install(0, Protocol.DEVICE_PATH, at);
    firmware.handles().install(disk, Protocol.SIMPLE_FILE_SYSTEM, firmware.room(16));
    long console = firmware.room(16);
    firmware.memory().put64(console + OUTPUT_STRING, firmware.guest(call -> {
      said.add(firmware.memory().text(call.argument(1), 200).strip());
      return EfiStep.done();
    }));
    firmware.memory().put64(firmware.systemTable() + CONSOLE_OUT, console);
  }

  private EfiStatus media(long silent) {
    return EfiStatus.of(firmware.call(firmware.function(layer, "RemovableMedia"), silent));
  }

  @Test
  void aProgramThatComesBackIsNamedWithItsStatus() {
    running = EfiStatus.NOT_FOUND.code();
    assertEquals(EfiStatus.NOT_FOUND, media(0));
    assertEquals(List.of("A program was started and came back with NOT_FOUND."), said);
    running = 0x8000_0000_0000_4242L;
    media(0);
    assertEquals("A program was started and came back with 0x8000000000004242.", said.getLast());
  }

  @Test
  void aProgramThatCantBeLoadedIsNamedWithTheReason() {
    loading = EfiStatus.UNSUPPORTED.code();
    media(0);
    assertEquals(List.of("A program was found that can't be loaded: UNSUPPORTED."), said);
  }

  @Test
  void whatIsNotThereAndWhatEndedWellAndWhatIsKnownIsNotSaid() {
    media(0);
    loading = EfiStatus.NOT_FOUND.code();
    media(0);
    loading = EfiStatus.LOAD_ERROR.code();
    media(1);
    assertEquals(List.of(), said);
  }
}
