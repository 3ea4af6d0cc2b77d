// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.kit.EfiMemoryType;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.ModelException;
import org.xenolith.regs.StateRecord;

/** Boot services as a guest calls them: by the pointers in the table, with what is in registers and on the stack. */
class BootServicesTest {
  private static final EfiGuid SOME = EfiGuid.of("11111111-2222-3333-4444-555555555555");
  private static final EfiGuid OTHER = EfiGuid.of("aaaaaaaa-2222-3333-4444-555555555555");

  private final Stand stand = new Stand().enter();

  private void is(EfiStatus expected, long status) {
    assertEquals(expected, EfiStatus.of(status));
  }

  private long guid(EfiGuid guid) {
    long at = stand.room(16);
    stand.memory.write(at, guid.toBytes());
    return at;
  }

  private long pointer(long value) {
    long at = stand.room(16);
    stand.memory.put64(at, value);
    return at;
  }

  @Test
  void tablesAreThereWithTheirChecksums() {
    long services = stand.services();
    long crc = stand.memory.get32(services + 16);
    stand.memory.put32(services + 16, 0);
    long answer = pointer(0);
    is(EfiStatus.SUCCESS, stand.boot(BootService.CALCULATE_CRC32, services, BootService.SIZE, answer));
    assertEquals(crc, stand.memory.get32(answer));
    assertEquals(services, stand.memory.get64(stand.system() + 96));
  }

  @Test
  void pagesComeFromTheTopAndGoBack() {
    long at = pointer(0);
    is(EfiStatus.SUCCESS, stand.boot(BootService.ALLOCATE_PAGES, 0, EfiMemoryType.LOADER_DATA.number(), 3, at));
    long first = stand.memory.get64(at);
    is(EfiStatus.SUCCESS, stand.boot(BootService.ALLOCATE_PAGES, 0, EfiMemoryType.LOADER_DATA.number(), 1, at));
    assertEquals(first - 0x1000, stand.memory.get64(at));
    is(EfiStatus.SUCCESS, stand.boot(BootService.FREE_PAGES, first, 3));
    is(EfiStatus.NOT_FOUND, stand.boot(BootService.FREE_PAGES, first, 3));
    is(EfiStatus.INVALID_PARAMETER, stand.boot(BootService.FREE_PAGES, first + 1, 3));
    is(EfiStatus.OUT_OF_RESOURCES, stand.boot(BootService.ALLOCATE_PAGES, 0, EfiMemoryType.LOADER_DATA.number(), 4096, at));
    is(EfiStatus.INVALID_PARAMETER, stand.boot(BootService.ALLOCATE_PAGES, 0, EfiMemoryType.CONVENTIONAL.number(), 1, at));
    stand.memory.put64(at, Stand.PROGRAM);
    is(EfiStatus.NOT_FOUND, stand.boot(BootService.ALLOCATE_PAGES, 2, EfiMemoryType.LOADER_DATA.number(), 1, at));
    stand.memory.put64(at, Stand.RAM + 0x10_0FFF);
    is(EfiStatus.SUCCESS, stand.boot(BootService.ALLOCATE_PAGES, 1, EfiMemoryType.LOADER_DATA.number(), 1, at));
    assertEquals(Stand.RAM + 0x10_0000, stand.memory.get64(at));
    is(EfiStatus.INVALID_PARAMETER, stand.boot(BootService.ALLOCATE_PAGES, 0, EfiMemoryType.LOADER_DATA.number(), 1, 0x10));
  }

  @Test
  void theMapIsWholeAndRuntimeServicesHaveWholePieces() {
    long size = pointer(0);
    long key = pointer(0);
    long step = pointer(0);
    long version = pointer(0);
    is(EfiStatus.BUFFER_TOO_SMALL, stand.boot(BootService.GET_MEMORY_MAP, size, 0, key, step, version));
    long bytes = stand.memory.get64(size);
    long map = stand.room((int) bytes);
    is(EfiStatus.SUCCESS, stand.boot(BootService.GET_MEMORY_MAP, size, map, key, step, version));
    assertEquals(48, stand.memory.get64(step));
    assertEquals(1, stand.memory.get32(version));
    bytes = stand.memory.get64(size);
    ByteBuffer in = ByteBuffer.wrap(stand.memory.read(map, (int) bytes)).order(ByteOrder.LITTLE_ENDIAN);
    long next = Stand.RAM;
    for (int at = 0; at < bytes; at += 48) {
      assertEquals(next, in.getLong(at + 8));
      next += in.getLong(at + 24) * 0x1000;
      boolean runtime = in.getInt(at) == 5 || in.getInt(at) == 6;
      assertEquals(runtime, in.getLong(at + 32) < 0);
      assertTrue(!runtime || in.getLong(at + 8) % 0x1_0000 == 0 && in.getLong(at + 24) == 16);
    }
    assertEquals(Stand.RAM + 0x40_0000, next);
  }

  /** As Arm's BSA suite does: where that fails it takes whatever is in the buffer for the map. */
  @Test
  void aBufferOfTheSizeThatWasSaidIsEnoughAlthoughItsAllocationIsInTheMap() {
    long size = pointer(0);
    long key = pointer(0);
    long at = pointer(0);
    is(EfiStatus.BUFFER_TOO_SMALL, stand.boot(BootService.GET_MEMORY_MAP, size, 0, key, 0, 0));
    stand.memory.put64(at, Stand.RAM + 0x10_0000);
    is(EfiStatus.SUCCESS, stand.boot(BootService.ALLOCATE_PAGES, 2, EfiMemoryType.LOADER_DATA.number(), 1, at));
    is(EfiStatus.SUCCESS, stand.boot(BootService.GET_MEMORY_MAP, size, stand.memory.get64(at), key, 0, 0));
  }

  @Test
  void poolPiecesAreTheirOwnersAndNonsenseIsRefused() {
    long at = pointer(0);
    is(EfiStatus.SUCCESS, stand.boot(BootService.ALLOCATE_POOL, EfiMemoryType.LOADER_DATA.number(), 100, at));
    long first = stand.memory.get64(at);
    is(EfiStatus.SUCCESS, stand.boot(BootService.ALLOCATE_POOL, EfiMemoryType.LOADER_DATA.number(), 100, at));
    assertTrue(Math.abs(stand.memory.get64(at) - first) >= 112);
    is(EfiStatus.INVALID_PARAMETER, stand.boot(BootService.FREE_POOL, first + 16));
    is(EfiStatus.SUCCESS, stand.boot(BootService.FREE_POOL, first));
    is(EfiStatus.INVALID_PARAMETER, stand.boot(BootService.FREE_POOL, first));
    is(EfiStatus.SUCCESS, stand.boot(BootService.ALLOCATE_POOL, EfiMemoryType.LOADER_DATA.number(), 112, at));
    assertEquals(first, stand.memory.get64(at));
  }

  @Test
  void protocolsAreInstalledOpenedAndTakenAway() {
    long handle = pointer(0);
    is(EfiStatus.SUCCESS, stand.boot(BootService.INSTALL_PROTOCOL_INTERFACE, handle, guid(SOME), 0, 77));
    long made = stand.memory.get64(handle);
    is(EfiStatus.INVALID_PARAMETER, stand.boot(BootService.INSTALL_PROTOCOL_INTERFACE, handle, guid(SOME), 0, 77));
    long answer = pointer(0);
    is(EfiStatus.SUCCESS, stand.boot(BootService.HANDLE_PROTOCOL, made, guid(SOME), answer));
    assertEquals(77, stand.memory.get64(answer));
    is(EfiStatus.UNSUPPORTED, stand.boot(BootService.HANDLE_PROTOCOL, made, guid(OTHER), answer));
    is(EfiStatus.SUCCESS, stand.boot(BootService.OPEN_PROTOCOL, made, guid(SOME), answer, made, made, 16));
    is(EfiStatus.ALREADY_STARTED, stand.boot(BootService.OPEN_PROTOCOL, made, guid(SOME), answer, made, made, 16));
    is(EfiStatus.SUCCESS, stand.boot(BootService.CLOSE_PROTOCOL, made, guid(SOME), made, made));
    is(EfiStatus.NOT_FOUND, stand.boot(BootService.CLOSE_PROTOCOL, made, guid(SOME), made, made));
    is(EfiStatus.SUCCESS, stand.boot(BootService.LOCATE_PROTOCOL, guid(SOME), 0, answer));
    assertEquals(77, stand.memory.get64(answer));
    is(EfiStatus.SUCCESS, stand.boot(BootService.UNINSTALL_PROTOCOL_INTERFACE, made, guid(SOME), 77));
    is(EfiStatus.NOT_FOUND, stand.boot(BootService.LOCATE_PROTOCOL, guid(SOME), 0, answer));
    is(EfiStatus.INVALID_PARAMETER, stand.boot(BootService.HANDLE_PROTOCOL, made, guid(SOME), answer));
  }

  @Test
  void argumentsBeyondTheEighthAreOnTheStack() {
    long handle = pointer(0);
    long[] arguments = new long[12];
    arguments[0] = handle;
    for (int i = 0; i < 5; i++) {
      arguments[1 + 2 * i] = guid(EfiGuid.of("0000000" + i + "-2222-3333-4444-555555555555"));
      arguments[2 + 2 * i] = 100 + i;
    }
    is(EfiStatus.SUCCESS, stand.boot(BootService.INSTALL_MULTIPLE_PROTOCOL_INTERFACES, arguments));
    long answer = pointer(0);
    is(EfiStatus.SUCCESS, stand.boot(BootService.HANDLE_PROTOCOL, stand.memory.get64(handle), arguments[9], answer));
    assertEquals(104, stand.memory.get64(answer));
    arguments[0] = stand.memory.get64(handle);
    is(EfiStatus.SUCCESS, stand.boot(BootService.UNINSTALL_MULTIPLE_PROTOCOL_INTERFACES, arguments));
    is(EfiStatus.INVALID_PARAMETER, stand.boot(BootService.HANDLE_PROTOCOL, arguments[0], arguments[9], answer));
  }

  @Test
  void notificationFunctionsOfTheGuestAreCalledByTheirLevels() {
    List<String> order = new ArrayList<>();
    long event = pointer(0);
    long low = stand.guest(a -> order.add("low " + a[1]) ? 0 : 0);
    long high = stand.guest(a -> order.add("high " + a[1]) ? 0 : 0);
    is(EfiStatus.SUCCESS, stand.boot(BootService.CREATE_EVENT, 0x200, 8, low, 1, event));
    long first = stand.memory.get64(event);
    is(EfiStatus.SUCCESS, stand.boot(BootService.CREATE_EVENT, 0x200, 16, high, 2, event));
    long second = stand.memory.get64(event);
    assertEquals(4, stand.boot(BootService.RAISE_TPL, 31));
    is(EfiStatus.SUCCESS, stand.boot(BootService.SIGNAL_EVENT, first));
    is(EfiStatus.SUCCESS, stand.boot(BootService.SIGNAL_EVENT, second));
    assertEquals(List.of(), order);
    stand.boot(BootService.RESTORE_TPL, 4);
    assertEquals(List.of("high 2", "low 1"), order);
    is(EfiStatus.INVALID_PARAMETER, stand.boot(BootService.CREATE_EVENT, 0x200, 16, 0, 2, event));
    is(EfiStatus.INVALID_PARAMETER, stand.boot(BootService.CREATE_EVENT, 0x300, 16, low, 2, event));
    is(EfiStatus.SUCCESS, stand.boot(BootService.CLOSE_EVENT, first));
    is(EfiStatus.INVALID_PARAMETER, stand.boot(BootService.SIGNAL_EVENT, first));
  }

  @Test
  void waitsEndWithATimerOrWhatAnAskedEventSays() {
    long event = pointer(0);
    is(EfiStatus.SUCCESS, stand.boot(BootService.CREATE_EVENT, 0x8000_0000L, 8, 0, 0, event));
    long timer = stand.memory.get64(event);
    int[] asked = {0};
    long asks = stand.guest(a -> ++asked[0] == 3 ? stand.boot(BootService.SIGNAL_EVENT, a[0]) : 0);
    is(EfiStatus.SUCCESS, stand.boot(BootService.CREATE_EVENT, 0x100, 16, asks, 0, event));
    long key = stand.memory.get64(event);
    long both = stand.room(16);
    stand.memory.put64(both, timer);
    stand.memory.put64(both + 8, key);
    long index = pointer(0);
    is(EfiStatus.SUCCESS, stand.boot(BootService.SET_TIMER, timer, 2, 10_000_000));
    is(EfiStatus.SUCCESS, stand.boot(BootService.WAIT_FOR_EVENT, 2, both, index));
    assertEquals(1, stand.memory.get64(index));
    asked[0] = 10;
    long before = stand.counter;
    is(EfiStatus.SUCCESS, stand.boot(BootService.WAIT_FOR_EVENT, 2, both, index));
    assertEquals(0, stand.memory.get64(index));
    assertTrue(stand.counter - before > 62_000_000 && stand.counter - before < 63_000_000, () -> "" + (stand.counter - before));
    is(EfiStatus.NOT_READY, stand.boot(BootService.CHECK_EVENT, timer));
  }

  /** A program may copy 4 GiB by one call. */
  @Test
  void whatIsCopiedTakesItsTimePieceByPiece() {
    long before = stand.counter;
    is(EfiStatus.SUCCESS, stand.boot(BootService.COPY_MEM, Stand.RAM, Stand.RAM, OtherServices.AT_ONCE));
    assertTrue(stand.counter - before < 6250);
    is(EfiStatus.SUCCESS, stand.boot(BootService.COPY_MEM, Stand.RAM, Stand.RAM, 3 * OtherServices.AT_ONCE));
    assertTrue(stand.counter - before >= 2 * 6250);
    long buffer = stand.room(0x2_0000);
    stand.memory.put64(buffer, 0x1122_3344_5566_7788L);
    is(EfiStatus.SUCCESS, stand.boot(BootService.COPY_MEM, buffer + 0x1_0000, buffer, 8));
    is(EfiStatus.SUCCESS, stand.boot(BootService.SET_MEM, buffer, 3, 0xAB));
    assertEquals(0x1122_3344_5566_7788L, stand.memory.get64(buffer + 0x1_0000));
    assertEquals(0x1122_3344_55AB_ABABL, stand.memory.get64(buffer));
  }

  /** The checksum's own place may be in what it is of. */
  @Test
  void aChecksumOfMuchTakesItsTimePieceByPiece() {
    int size = (int) (3 * OtherServices.AT_ONCE / 2) + 5;
    long data = Stand.RAM + 0x10_0000;
    byte[] bytes = new byte[size];
    new Random(1).nextBytes(bytes);
    stand.memory.write(data, bytes);
    CRC32 right = new CRC32();
    right.update(bytes);
    long before = stand.counter;
    is(EfiStatus.SUCCESS, stand.boot(BootService.CALCULATE_CRC32, data, 8, stand.room(4)));
    assertTrue(stand.counter - before < 6250);
    long answer = data + size - 9;
    before = stand.counter;
    is(EfiStatus.SUCCESS, stand.boot(BootService.CALCULATE_CRC32, data, size, answer));
    assertTrue(stand.counter - before >= 6250);
    assertEquals(right.getValue(), stand.memory.get32(answer) & 0xFFFF_FFFFL);
  }

  @Test
  void stallTakesItsTime() {
    long before = stand.counter;
    is(EfiStatus.SUCCESS, stand.boot(BootService.STALL, 1_000_000));
    assertTrue(stand.counter - before >= 62_500_000);
  }

  @Test
  void anImageIsLoadedStartedAndLeftFromWithin() {
    byte[] file = PeFiles.application(0x30_0000, 0x10, (byte) 0);
    long buffer = stand.room(file.length);
    stand.memory.write(buffer, file);
    long image = pointer(0);
    long firmware = firmware();
    is(EfiStatus.SUCCESS, stand.boot(BootService.LOAD_IMAGE, 0, firmware, 0, buffer, file.length, image));
    long handle = stand.memory.get64(image);
    long answer = pointer(0);
    is(EfiStatus.SUCCESS, stand.boot(BootService.HANDLE_PROTOCOL, handle, guid(Protocol.LOADED_IMAGE), answer));
    long information = stand.memory.get64(answer);
    long base = stand.memory.get64(information + 64);
    assertEquals(base + 0x1010, stand.memory.get64(base + 0x2000), "the relocation");
    List<String> order = new ArrayList<>();
    stand.at(base + 0x1000, a -> {
      order.add("started " + (a[0] == handle) + " " + (a[1] == stand.system()));
      stand.boot(BootService.EXIT, handle, 42, 0, 0);
      order.add("not reached");
      return 0;
    });
    assertEquals(42, stand.boot(BootService.START_IMAGE, handle, 0, 0));
    assertEquals(List.of("started true true"), order);
    is(EfiStatus.INVALID_PARAMETER, stand.boot(BootService.START_IMAGE, handle, 0, 0));
    file[0] = 0;
    stand.memory.write(buffer, file);
    is(EfiStatus.LOAD_ERROR, stand.boot(BootService.LOAD_IMAGE, 0, firmware, 0, buffer, file.length, image));
  }

  private long firmware() {
    long size = pointer(8);
    long handle = pointer(0);
    is(EfiStatus.SUCCESS, stand.boot(BootService.LOCATE_HANDLE, 2, guid(Protocol.LOADED_IMAGE), 0, size, handle));
    return stand.memory.get64(handle);
  }

  @Test
  void bootServicesEndWithTheKeyOfTheLastMap() {
    long size = pointer(4000);
    long map = stand.room(4000);
    long key = pointer(0);
    List<String> order = new ArrayList<>();
    long told = stand.guest(a -> order.add("told") ? 0 : 0);
    long event = pointer(0);
    is(EfiStatus.SUCCESS, stand.boot(BootService.CREATE_EVENT, 0x201, 8, told, 0, event));
    is(EfiStatus.SUCCESS, stand.boot(BootService.GET_MEMORY_MAP, size, map, key, 0, 0));
    long firmware = firmware();
    is(EfiStatus.INVALID_PARAMETER, stand.boot(BootService.EXIT_BOOT_SERVICES, firmware, stand.memory.get64(key) - 1));
    assertEquals(List.of(), order);
    is(EfiStatus.SUCCESS, stand.boot(BootService.EXIT_BOOT_SERVICES, firmware, stand.memory.get64(key)));
    assertEquals(List.of("told"), order);
    assertEquals(0, stand.memory.get64(stand.system() + 96));
  }

  @Test
  void aSnapshotInsideACallGoesOn() {
    long waits = stand.guest(a -> {
      StateRecord record = stand.model.state().save();
      stand.model.reset();
      stand.model.state().restore(record);
      return 7;
    });
    long event = pointer(0);
    is(EfiStatus.SUCCESS, stand.boot(BootService.CREATE_EVENT, 0x100, 16, waits, 0, event));
    is(EfiStatus.NOT_READY, stand.boot(BootService.CHECK_EVENT, stand.memory.get64(event)));
    StateRecord before = stand.model.state().save();
    assertEquals(before.values().keySet(), stand.model.state().save().values().keySet());
    long at = pointer(0);
    is(EfiStatus.SUCCESS, stand.boot(BootService.ALLOCATE_POOL, 4, 10, at));
    assertNotEquals(0, stand.memory.get64(at));
  }

  @Test
  void layersAnswerByTheirPointersAndAbsentOnesDont() {
    stand.layer("test", java.util.Map.of("Add", Stand.returning(call -> call.argument(0) + call.argument(1))));
    long pointer = stand.firmware().function("test", "Add");
    assertEquals(5, stand.call(pointer, 2, 3));
    is(EfiStatus.NOT_READY, stand.call(stand.firmware().function("absent", "Add"), 2, 3));
    is(EfiStatus.UNSUPPORTED, stand.call(stand.firmware().function("test", "Subtract"), 2, 3));
    stand.layer("test", java.util.Map.of("Add", call -> {
      throw new IllegalStateException("on purpose");
    }));
    assertThrows(ModelException.class, () -> stand.call(pointer, 2, 3), "the context's way to tell a test");
    is(EfiStatus.NOT_READY, stand.call(stand.firmware().function("test", "Other"), 2, 3));
  }

  /** As when a guest lets a protocol's function point there. */
  @Test
  void aLayerCantEndBootServices() {
    stand.layer("test", java.util.Map.of("End", call -> call.step() != 0 ? EfiStep.done(call.result()) : EfiStep.call(1, call.firmware()
        .service(BootService.EXIT_BOOT_SERVICES), call.firmware().image(), stand.firmware().pageMap().key())));
    is(EfiStatus.UNSUPPORTED, stand.call(stand.firmware().function("test", "End")));
    is(EfiStatus.SUCCESS, stand.boot(BootService.EXIT_BOOT_SERVICES, stand.firmware().image(), stand.firmware().pageMap().key()));
  }

  /** Setting the timer, sleeping and acknowledging takes longer than a disk's answer. */
  @Test
  void whatComesSoonIsWaitedForWithoutTheInterrupt() {
    stand.tree(new FdtNode("timer", List.of(), List.of()).withProperty(FdtProperty.ofStrings("compatible", "arm,armv8-timer")).withProperty(
        FdtProperty.ofCells("interrupts", 1, 13, 4, 1, 14, 4, 1, 11, 4, 1, 10, 4)), new FdtNode("gic@8000000", List.of(), List.of())
            .withProperty(
                FdtProperty.ofStrings("compatible", "arm,cortex-a15-gic")).withProperty(FdtProperty.ofCells("reg", 0, 0x800_0000, 0,
                    0x1_0000, 0, 0x801_0000,
                    0, 0x1_0000)));
    stand.enter();
    stand.firmware().interruptsOn();
    is(EfiStatus.SUCCESS, stand.boot(BootService.STALL, 25));
    is(EfiStatus.SUCCESS, stand.boot(BootService.STALL, 1000));
    assertEquals(List.of(false, true), stand.asleep);
  }
}
