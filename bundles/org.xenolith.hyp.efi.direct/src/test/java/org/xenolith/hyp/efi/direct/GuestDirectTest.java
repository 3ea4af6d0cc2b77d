// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi.direct;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.ClockPort;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.EfiTime;
import org.xenolith.efi.api.FirmwareNode;
import org.xenolith.efi.api.GuestServicesPort;
import org.xenolith.efi.api.RuntimeMemory;
import org.xenolith.efi.boot.api.BootGuest;
import org.xenolith.efi.boot.api.BootNode;
import org.xenolith.efi.boot.api.GuestBoot;
import org.xenolith.efi.boot.api.GuestBootPort;
import org.xenolith.efi.kit.CallerMemory;
import org.xenolith.efi.kit.EfiMemoryMap;
import org.xenolith.efi.kit.EfiSystemTable;
import org.xenolith.efi.kit.LocalTime;
import org.xenolith.efi.kit.RuntimeFunction;
import org.xenolith.efi.kit.RuntimePieces;
import org.xenolith.efi.kit.RuntimeServicesCode;
import org.xenolith.efi.kit.RuntimeServicesCode.Conduit;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.hyp.kit.SharedDate;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.regs.StateMismatch;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.SchedOp;

/** Calls of domains, whose kernels' addresses are physical ones. Variables are another bundle's, and met in tests with OSGi. */
class GuestDirectTest {
  private static final String ROLE = "efi.direct";
  private static final long BASE = FakeHypervisor.GUEST_RAM + 0x1_0000;
  private static final long CALLERS = FakeHypervisor.GUEST_RAM;
  private static final long NOWHERE = 0x10;

  private FakeHypervisor hypervisor = hypervisor(Map.of());
  private FakeDomain domain;

  /** The bundle's own but for the translation of addresses, which takes a CPU. */
  private static final class Physical implements DeviceModelFactory {
    @Override
    public ModelDescription description() {
      return GuestDirectComponent.DESCRIPTION;
    }

    @Override
    public DeviceModel create(DeviceContext context) {
      return new GuestDirect(context, Physical::memory, GuestDirectComponent::arguments);
    }

    private static CallerMemory memory(Vcpu vcpu) {
      DomainPointers all = new DomainPointers(vcpu.domain().memory());
      return new CallerMemory() {
        @Override
        public byte[] read(long address, int length) {
          return all.read(address, length);
        }

        @Override
        public boolean isWritable(long address, int length) {
          byte[] there = all.read(address, length);
          return there != null && all.write(address, there);
        }

        @Override
        public boolean write(long address, byte[] bytes) {
          return all.write(address, bytes);
        }
      };
    }
  }

  private static FakeHypervisor hypervisor(Map<String, String> options) {
    return hypervisor(options, false);
  }

  private static FakeHypervisor hypervisor(Map<String, String> options, boolean boots) {
    FakeHypervisor made = new FakeHypervisor(1, options);
    made.beside(FakeNode.at(FirmwareNode.PATH).compatible(FirmwareNode.COMPATIBLE).build());
    return start(made, boots);
  }

  private static FakeHypervisor start(FakeHypervisor made, boolean boots) {
    if (boots) {
      made.beside(FakeNode.at(BootNode.PATH).compatible(BootNode.COMPATIBLE).build());
    }
    made.install(ROLE, new Physical());
    return made;
  }

  @BeforeEach
  void start() {
    domain = hypervisor.domU(3, 2);
  }

  private long call(RuntimeFunction function, long... arguments) {
    long[] registers = new long[RuntimeServicesCode.ARGUMENTS];
    registers[0] = RuntimeServicesCode.FIRST_CALL + function.ordinal();
    for (int i = 1; i < arguments.length; i++) {
      registers[i] = arguments[i];
    }
    domain.vcpu(0).x(RuntimeServicesCode.FIRST_ARGUMENT, arguments.length == 0 ? 0 : arguments[0]);
    hypervisor.port(GuestTrapsPort.class).firmware((int) registers[0]).handler().call(domain.vcpu(0), registers);
    return registers[0];
  }

  private static EfiMemoryMap map(boolean mapped) {
    EfiMemoryMap map = new EfiMemoryMap().ram(FakeHypervisor.GUEST_RAM, 0x4_0000);
    new RuntimePieces(BASE).claim(map, mapped);
    return map;
  }

  private RuntimeMemory place() {
    RuntimeMemory placed = new RuntimePieces(BASE).write(new DomainPointers(domain.memory()), new EfiSystemTable(2 << 16 | 100, "Xen", 1),
        2 << 16 | 100, Conduit.HVC, null);
    hypervisor.port(GuestServicesPort.class).placed(domain.serial(), placed);
    byte[] map = map(true).bytes();
    domain.memory().write(CALLERS, map, 0, map.length);
    return placed;
  }

  private long setMap() {
    return call(RuntimeFunction.SET_VIRTUAL_ADDRESS_MAP, map(true).length(), EfiMemoryMap.DESCRIPTOR_SIZE, 1, CALLERS);
  }

  @Test
  void aDomainWithoutCodeIsNotSupported() {
    assertEquals(-1, call(RuntimeFunction.GET_TIME, CALLERS));
    place();
    FakeDomain other = hypervisor.domU(4, 1);
    domain = other;
    assertEquals(-1, call(RuntimeFunction.RESET_SYSTEM, 0));
    assertEquals(-1, other.shutdownReason());
    assertNull(hypervisor.port(GuestTrapsPort.class).firmware(RuntimeServicesCode.FIRST_CALL + RuntimeFunction.values().length));
  }

  @Test
  void pointersThatTheCallerCanNotUseAreInvalidAndWhatIsAwayIsNotReady() {
    place();
    assertEquals(EfiStatus.INVALID_PARAMETER.code(), call(RuntimeFunction.GET_TIME, NOWHERE, 0));
    assertEquals(EfiStatus.NOT_READY.code(), call(RuntimeFunction.GET_TIME, CALLERS, 0));
    assertEquals(EfiStatus.NOT_READY.code(), call(RuntimeFunction.GET_NEXT_HIGH_MONOTONIC_COUNT, CALLERS));
  }

  /** Where no firmware drives a clock a domain has the date of its shared_info, and virtual time that has passed since. */
  @Test
  void onABoardThatNoFirmwareHasBootedTimeIsThatOfSharedInfo() {
    hypervisor = start(new FakeHypervisor(1, Map.of()), false);
    domain = hypervisor.domU(3, 1);
    place();
    SharedDate date = new SharedDate(new MachineMemory(hypervisor.context(ROLE).memory().physical()));
    date.of(domain);
    long before = hypervisor.context(ROLE).time().clock().now();
    date.set(LocalTime.seconds(EfiTime.utc(2026, 11, 29, 23, 59, 58)) - before / 1_000_000_000L, 600_000_000);
    assertEquals(0x58F, hypervisor.port(GuestServicesPort.class).supported());
    assertEquals("2026-11-29 23:59:58", time());
    hypervisor.clock().advance(3_500_000_000L);
    assertEquals("2026-11-30 00:00:02", time(), "with the nanoseconds of the date");
    EfiTime set = new EfiTime(2030, 1, 1, 0, 0, 0, 0, 0, EfiTime.UNSPECIFIED, 0, 0);
    domain.memory().write(CALLERS + 0x800, set.toBytes(), 0, EfiTime.SIZE);
    assertEquals(EfiStatus.SUCCESS.code(), call(RuntimeFunction.SET_TIME, CALLERS + 0x800));
    assertEquals("2030-01-01 00:00:00", time());
    date.set(-1, -1);
    assertEquals(EfiStatus.SUCCESS.code(), call(RuntimeFunction.GET_TIME, CALLERS, 0), "whatever a guest has written");
  }

  private String time() {
    assertEquals(EfiStatus.SUCCESS.code(), call(RuntimeFunction.GET_TIME, CALLERS, CALLERS + 0x100));
    byte[] bytes = new byte[EfiTime.SIZE];
    domain.memory().read(CALLERS, bytes, 0, bytes.length);
    EfiTime time = EfiTime.ofBytes(bytes, 0);
    return "%d-%02d-%02d %02d:%02d:%02d".formatted(time.year(), time.month(), time.day(), time.hour(), time.minute(), time.second());
  }

  /** There is no clock as long as nobody has said a date, and it may be for good: a caller that is told to wait would wait. */
  @Test
  void withoutADateTimeIsUnsupported() {
    hypervisor = start(new FakeHypervisor(1, Map.of()), false);
    domain = hypervisor.domU(3, 1);
    place();
    EfiTime time = new EfiTime(2026, 11, 25, 14, 0, 0, 0, 0, 0, 0, 0);
    domain.memory().write(CALLERS + 0x800, time.toBytes(), 0, EfiTime.SIZE);
    assertEquals(EfiStatus.UNSUPPORTED.code(), call(RuntimeFunction.GET_TIME, CALLERS, 0));
    assertEquals(EfiStatus.UNSUPPORTED.code(), call(RuntimeFunction.SET_TIME, CALLERS + 0x800));
    assertEquals(EfiStatus.UNSUPPORTED.code(), call(RuntimeFunction.GET_WAKEUP_TIME, CALLERS, CALLERS + 1, CALLERS + 8));
    assertEquals(EfiStatus.UNSUPPORTED.code(), call(RuntimeFunction.SET_WAKEUP_TIME, 1, CALLERS + 0x800));
    assertEquals(0x580, hypervisor.port(GuestServicesPort.class).supported());
  }

  @Test
  void whatThereIsIsSaid() {
    GuestServicesPort port = hypervisor.port(GuestServicesPort.class);
    assertEquals(0x580, port.supported(), "SetVirtualAddressMap, ConvertPointer, ResetSystem");
    hypervisor.context(ROLE).port(FirmwareNode.PATH, ClockPort.class).attach(new ClockPort(), hypervisor.context(ROLE));
    assertEquals(0x58F, port.supported());
    assertFalse(hypervisor(Map.of("strict-xen", "true")).port(GuestServicesPort.class).present());
  }

  @Test
  void resetShutsTheDomainDown() {
    place();
    call(RuntimeFunction.RESET_SYSTEM, 0, 0, 0, 0);
    assertEquals(SchedOp.SHUTDOWN_reboot, domain.shutdownReason());
    domain = hypervisor.domU(4, 1);
    place();
    call(RuntimeFunction.RESET_SYSTEM, 2, 0, 0, 0);
    assertEquals(SchedOp.SHUTDOWN_poweroff, domain.shutdownReason());
  }

  @Test
  void theAddressMapIsSetOnceForEachDomainAlsoOverAReplacement() {
    RuntimeMemory placed = place();
    assertEquals(EfiStatus.SUCCESS.code(), setMap());
    assertEquals(0x2001_0000L + (placed.runtimeServices() - placed.systemTable()), domain.memory().read64(placed.systemTable() + 88));
    hypervisor.replace(ROLE, new Physical());
    assertEquals(EfiStatus.UNSUPPORTED.code(), setMap());
    domain.memory().write64(CALLERS + 0x800, BASE + 4);
    assertEquals(EfiStatus.SUCCESS.code(), call(RuntimeFunction.CONVERT_POINTER, 0, CALLERS + 0x800));
    assertEquals(0x2000_0004L, domain.memory().read64(CALLERS + 0x800));
    domain = hypervisor.domU(4, 1);
    place();
    assertEquals(EfiStatus.SUCCESS.code(), setMap(), "another domain's");
  }

  @Test
  void whileADomainHasBootServicesItsAddressMapIsNotSet() {
    FakeHypervisor booting = hypervisor(Map.of(), true);
    FakeDomain own = booting.domU(3, 1);
    int[] guest = {own.serial()};
    booting.context(ROLE).port(BootNode.PATH, GuestBootPort.class).attach(new GuestBoot() {
      @Override
      public boolean answers(int function) {
        return false;
      }

      @Override
      public void call(BootGuest caller, long[] registers) {
        throw new IllegalStateException("this is no call of boot services");
      }

      @Override
      public boolean hasBootServices(int number) {
        return number == guest[0];
      }

      @Override
      public void gone(int number) {
        guest[0] = -1;
      }
    }, booting.context(ROLE));
    hypervisor = booting;
    domain = own;
    place();
    assertEquals(EfiStatus.UNSUPPORTED.code(), setMap());
    guest[0] = -1;
    assertEquals(EfiStatus.SUCCESS.code(), setMap());
  }

  @Test
  void aDomainThatIsGoneIsForgottenAlsoIfItWentWhileThisWasAway() {
    place();
    StateRecord record = hypervisor.remove(ROLE);
    assertNotEquals(nothing(), record);
    hypervisor.destroy(domain);
    hypervisor.bringBack(ROLE, new Physical(), record);
    assertEquals(nothing(), hypervisor.remove(ROLE), "it went while this was away");
    hypervisor.bringBack(ROLE, new Physical(), nothing());
    domain = hypervisor.domU(5, 1);
    place();
    hypervisor.destroy(domain);
    assertEquals(nothing(), hypervisor.remove(ROLE));
  }

  private static StateRecord nothing() {
    return hypervisor(Map.of()).remove(ROLE);
  }

  @Test
  void strangeRecordsAreRefused() {
    for (String name : List.of("placed", "clocks")) {
      StateRecord bad = new StateRecord();
      bad.put(name, new byte[] {0, 0, 0, 1, 0, 0, 0});
      DeviceModel model = new GuestDirect(hypervisor.context(ROLE), Physical::memory, GuestDirectComponent::arguments);
      assertThrows(StateMismatch.class, () -> model.state().restore(bad), name);
    }
  }

  @Test
  void noCallThrows() {
    place();
    Random random = new Random(15);
    long[] places = {0, NOWHERE, CALLERS, CALLERS + 0x800, BASE, BASE + 0x1_0000, -1, -8, 1L << 63, 40, 160};
    for (int i = 0; i < 20_000; i++) {
      long[] arguments = random.longs(6).toArray();
      for (int at = 0; at < arguments.length; at++) {
        arguments[at] = random.nextInt(4) == 0 ? arguments[at] : places[random.nextInt(places.length)];
      }
      call(RuntimeFunction.values()[random.nextInt(RuntimeFunction.values().length)], arguments);
    }
    assertTrue(hypervisor.port(GuestServicesPort.class).present());
  }

  @Test
  void aRemovedOneAnswersNoMore() {
    hypervisor.remove(ROLE);
    assertNull(hypervisor.port(GuestTrapsPort.class).firmware(RuntimeServicesCode.FIRST_CALL));
    assertFalse(hypervisor.port(GuestServicesPort.class).present());
  }
}
