// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.direct;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.BootPhasePort;
import org.xenolith.efi.api.DirectServicesPort;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.FirmwareNode;
import org.xenolith.efi.api.RuntimeMemory;
import org.xenolith.efi.api.RuntimeMemory.Range;
import org.xenolith.efi.api.RuntimeServices;
import org.xenolith.efi.api.RuntimeServicesPort;
import org.xenolith.efi.api.VariableName;
import org.xenolith.efi.kit.CallerMemory;
import org.xenolith.efi.kit.EfiMemoryMap;
import org.xenolith.efi.kit.EfiMemoryType;
import org.xenolith.efi.kit.EfiSystemTable;
import org.xenolith.efi.kit.RuntimeFunction;
import org.xenolith.efi.kit.RuntimeServicesCode;
import org.xenolith.efi.kit.RuntimeServicesTable;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.StateMismatch;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeCall;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.FakeNode;

/** Firmware calls, with a caller whose addresses are physical ones and who may use a part of RAM only. */
class DirectModelTest {
  private static final long RAM = FakeMemory.BASE;
  private static final long CODE = RAM + 0x10_0000;
  private static final long DATA = RAM + 0x11_0000;
  private static final long CALLERS = RAM + 0x1000;
  private static final long END = RAM + 0x3000;
  private static final int REVISION = 2 << 16 | 100;
  private static final RuntimeMemory PLACED = new RuntimeMemory(DATA, DATA + 0x200,
      List.of(new Range(CODE, 0x1_0000, CODE), new Range(DATA, 0x1_0000, DATA)), false);

  private FakeContext context = new FakeContext(FakeNode.at(FirmwareNode.PATH).compatible(FirmwareNode.COMPATIBLE).build());
  private DeviceModel model;
  private final List<Object> seen = new ArrayList<>();

  private DeviceModel make(FakeContext with) {
    return new DirectModel(with, cpu -> new CallerMemory() {
      private boolean mine(long address, int length) {
        return address >= CALLERS && length <= END - address;
      }

      @Override
      public byte[] read(long address, int length) {
        return mine(address, length) ? new PhysicalPointers(context.dma()).read(address, length) : null;
      }

      @Override
      public boolean isWritable(long address, int length) {
        return mine(address, length);
      }

      @Override
      public boolean write(long address, byte[] bytes) {
        return mine(address, bytes.length) && new PhysicalPointers(context.dma()).write(address, bytes);
      }
    });
  }

  @BeforeEach
  void start() {
    model = make(context);
    model.reset();
    context.port(RuntimeServicesPort.class).attach((RuntimeServices) Proxy.newProxyInstance(getClass().getClassLoader(),
        new Class<?>[] {RuntimeServices.class}, (proxy, method, arguments) -> {
          seen.add(method.getName());
          seen.addAll(Arrays.asList(arguments));
          return EfiStatus.OUT_OF_RESOURCES;
        }), context);
  }

  private void put(long address, byte[] bytes) {
    context.dma().write(address, bytes, 0, bytes.length);
  }

  private long call(RuntimeFunction function, long... arguments) {
    return call(false, function, arguments);
  }

  private long call(boolean hvc, RuntimeFunction function, long... arguments) {
    long[] registers = new long[18];
    registers[0] = RuntimeServicesCode.FIRST_CALL + function.ordinal();
    System.arraycopy(arguments, Math.min(1, arguments.length), registers, 1, Math.max(0, arguments.length - 1));
    registers[8] = arguments.length == 0 ? 0 : arguments[0];
    return context.call(0, hvc, registers).argument(0);
  }

  private void place() {
    put(DATA, new EfiSystemTable(REVISION, "Xenolith", 1).runtimeServices(DATA + 0x200).bytes(DATA, EfiSystemTable.SIZE));
    put(DATA + 0x200, RuntimeServicesTable.bytes(REVISION, CODE));
    context.port(DirectServicesPort.class).placed(PLACED);
    put(CALLERS, map());
  }

  private static byte[] map() {
    return new EfiMemoryMap().ram(RAM, 0x20_0000).claim(EfiMemoryType.RUNTIME_SERVICES_CODE, CODE, 0x1_0000, 0x2000_0000L)
        .claim(EfiMemoryType.RUNTIME_SERVICES_DATA, DATA, 0x1_0000, 0x2001_0000L).bytes();
  }

  private long map(long size, long each, long version, long at) {
    return call(RuntimeFunction.SET_VIRTUAL_ADDRESS_MAP, size, each, version, at);
  }

  @Test
  void argumentsAreInTheRegistersThatTheCodePutsThemInto() {
    put(CALLERS, VariableName.global("Lang").toBytes());
    put(CALLERS + 0x100, VariableName.global("Lang").vendor().toBytes());
    assertEquals(EfiStatus.OUT_OF_RESOURCES.code(), call(RuntimeFunction.SET_VARIABLE, CALLERS, CALLERS + 0x100, 7, 0, 0));
    assertEquals(List.of("setVariable", VariableName.global("Lang"), 7), seen.subList(0, 3));
    assertEquals(EfiStatus.INVALID_PARAMETER.code(), call(RuntimeFunction.SET_VARIABLE, END, CALLERS + 0x100, 7, 0, 0));
  }

  @Test
  void otherCallsAreNotAnswered() {
    assertEquals(-1, context.call(0, false, 0x8400_0000L).argument(0));
    assertEquals(-1, context.call(0, false, RuntimeServicesCode.FIRST_CALL + 14L).argument(0));
    assertEquals(-1, call(true, RuntimeFunction.RESET_SYSTEM, 0), "HVC is a hypervisor's");
    assertEquals(List.of(), seen);
  }

  /** The upper half of the identifier's register is no part of it (Arm DEN 0028E, 2.5). */
  @Test
  void identifierHasThirtyTwoBits() {
    FakeCall call = context.call(0, false, 0xFFFF_FFFF_0000_0000L | RuntimeServicesCode.FIRST_CALL + RuntimeFunction.RESET_SYSTEM.ordinal()
        & 0xFFFF_FFFFL, 0, 0, 0, 0, 0, 0, 0, 2);
    assertEquals(EfiStatus.SUCCESS.code(), call.argument(0));
    assertEquals("resetSystem", seen.getFirst());
  }

  @Test
  void addressMapIsSetOnceAndTheTablesFollow() {
    assertEquals(EfiStatus.UNSUPPORTED.code(), map(4 * 40, 40, 1, CALLERS), "there is no code in memory");
    place();
    assertEquals(EfiStatus.SUCCESS.code(), map(4 * 40, 40, 0x7_0000_0001L, CALLERS));
    assertEquals(0x2001_0200L, context.dma().read(DATA + 88, 8), "the system table's runtime services");
    assertEquals(0x2000_0000L + 6 * 64, context.dma().read(DATA + 0x200 + 24 + 6 * 8, 8), "GetVariable");
    assertEquals(EfiStatus.UNSUPPORTED.code(), map(4 * 40, 40, 1, CALLERS), "the second time");
    context.dma().write(CALLERS, 8, CODE + 4);
    assertEquals(EfiStatus.SUCCESS.code(), call(RuntimeFunction.CONVERT_POINTER, 0, CALLERS));
    assertEquals(0x2000_0004L, context.dma().read(CALLERS, 8));
    assertEquals(EfiStatus.INVALID_PARAMETER.code(), call(RuntimeFunction.CONVERT_POINTER, 0, END));
  }

  @Test
  void whileThereAreBootServicesNoAddressMapIsSet() {
    place();
    boolean[] booting = {true};
    context.port(BootPhasePort.class).attach(() -> booting[0], context);
    StateRecord before = model.state().save();
    assertEquals(EfiStatus.UNSUPPORTED.code(), map(4 * 40, 40, 1, CALLERS));
    assertEquals(EfiStatus.UNSUPPORTED.code(), map(4 * 40, 40, 2, CALLERS), "whatever the map");
    assertEquals(before, model.state().save());
    booting[0] = false;
    assertEquals(EfiStatus.SUCCESS.code(), map(4 * 40, 40, 1, CALLERS));
  }

  @Test
  void wrongMapsAreRefusedAndChangeNothing() {
    place();
    StateRecord before = model.state().save();
    long[][] wrong = {{160, 40, 0, CALLERS}, {160, 40, 2, CALLERS}, {160, 39, 1, CALLERS}, {160, 0, 1, CALLERS}, {160, -1, 1, CALLERS},
        {39, 40, 1, CALLERS}, {0, 40, 1, CALLERS}, {-1, 40, 1, CALLERS}, {(1 << 20) + 1, 40, 1, CALLERS}, {160, 40, 1, 0}, {160, 40, 1,
            END},
        {160, 40, 1, CALLERS + 4}, {1 << 20, 40, 1, CALLERS}, {160, 1L << 32, 1, CALLERS}};
    for (long[] each : wrong) {
      assertEquals(EfiStatus.INVALID_PARAMETER.code(), map(each[0], each[1], each[2], each[3]), Arrays.toString(each));
    }
    assertEquals(EfiStatus.NO_MAPPING.code(), map(40, 40, 1, CALLERS));
    assertEquals(before, model.state().save());
    assertEquals(DATA + 0x200, context.dma().read(DATA + 88, 8));
  }

  @Test
  void mappingIsStateThatAResetForgets() {
    place();
    map(4 * 40, 40, 1, CALLERS);
    StateRecord record = model.state().save();
    context = context.successor();
    model = make(context);
    model.state().restore(record);
    assertEquals(record, model.state().save());
    assertEquals(EfiStatus.UNSUPPORTED.code(), map(4 * 40, 40, 1, CALLERS));
    context.dma().write(CALLERS + 0x800, 8, DATA);
    assertEquals(EfiStatus.SUCCESS.code(), call(RuntimeFunction.CONVERT_POINTER, 0, CALLERS + 0x800), "it knows the map");
    assertEquals(0x2001_0000L, context.dma().read(CALLERS + 0x800, 8));
    model.reset();
    assertEquals(EfiStatus.UNSUPPORTED.code(), map(4 * 40, 40, 1, CALLERS), "nothing is placed");
    context.port(DirectServicesPort.class).placed(PLACED);
    assertEquals(EfiStatus.SUCCESS.code(), map(4 * 40, 40, 1, CALLERS));
    StateRecord bad = new StateRecord();
    bad.put("memory", new byte[] {1, 2, 3});
    assertThrows(StateMismatch.class, () -> model.state().restore(bad));
    assertTrue(context.port(DirectServicesPort.class).present());
    model.removed();
    assertFalse(context.port(DirectServicesPort.class).present());
  }
}
