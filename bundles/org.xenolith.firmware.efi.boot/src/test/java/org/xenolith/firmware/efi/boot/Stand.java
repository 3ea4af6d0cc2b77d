// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.efi.boot.api.BootNode;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.LayersPort;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.arm.api.SmcccHandler;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.FakeNode;

/** The model with RAM, and a guest that does what the program's code does: it calls stubs, executes verdicts, has functions of its own. */
final class Stand {
  static final long RAM = FakeMemory.BASE;
  static final long PROGRAM = RAM;
  static final long TREE = RAM + 0x2_0000;
  private static final long FREQUENCY = 62_500_000;

  final FakeContext context = new FakeContext(FakeNode.at(BootNode.PATH).compatible(BootNode.COMPATIBLE).build());
  BootModel model;
  MachineRam memory = new MachineRam(context.memory().dma());
  long counter = 1000;
  private final FirmwareProgram program = FirmwareProgram.of(org.xenolith.efi.kit.RuntimeServicesCode.Conduit.SMC);
  /** The guest's own functions, by address: arguments in, x0 out. */
  private final Map<Long, GuestFunction> guests = new HashMap<>();
  private long stack;
  private long nextGuest = RAM + 0x3F_0000;
  /** For each wait whether it was for the timer's interrupt. */
  final List<Boolean> asleep = new ArrayList<>();
  /** What happened at the guest's functions. */
  final List<String> log = new ArrayList<>();

  interface GuestFunction {
    long call(long[] arguments);
  }

  Stand() {
    model = new BootModel(context, org.xenolith.efi.kit.RuntimeServicesCode.Conduit.HVC);
    model.reset();
    tree();
    memory.write(PROGRAM, program.bytes());
  }

  /** Puts a tree there with RAM and with these nodes. */
  void tree(FdtNode... nodes) {
    FdtNode ram = new FdtNode("memory@40000000", List.of(), List.of()).withProperty(FdtProperty.ofStrings("device_type", "memory"))
        .withProperty(
            FdtProperty.ofU64("reg", RAM, FakeMemory.SIZE));
    FdtNode root = new FdtNode("", List.of(), List.of()).withProperty(FdtProperty.ofCells("#address-cells", 2)).withProperty(FdtProperty
        .ofCells(
            "#size-cells", 2)).withChild(ram);
    for (FdtNode node : nodes) {
      root = root.withChild(node);
    }
    memory.write(TREE, FdtWriter.write(Fdt.of(root)));
  }

  private long[] trap(long... arguments) {
    long[] x = new long[18];
    System.arraycopy(arguments, 0, x, 0, arguments.length);
    model.call(new SmcccHandler.SmcccCall() {
      @Override
      public ArmCpu cpu() {
        return null;
      }

      @Override
      public boolean hvc() {
        return false;
      }

      @Override
      public long argument(int index) {
        return x[index];
      }

      @Override
      public void result(int index, long value) {
        x[index] = value;
      }
    });
    return x;
  }

  /** Enters the firmware; its own function isn't called. */
  Stand enter() {
    long[] x = trap(FirmwareProgram.ENTER, PROGRAM, TREE, counter, 4, FREQUENCY);
    assertEquals(0, x[0]);
    stack = x[1];
    return this;
  }


  /** Where boot services' table is: found by its signature, as nobody has told. */
  long services() {
    for (long at = RAM; at < RAM + FakeMemory.SIZE; at += 0x1000) {
      if (memory.get64(at) == 0x56524553544F4F42L) {
        return at;
      }
    }
    throw new AssertionError("there are no boot services");
  }

  /** The system table, found by its signature. */
  long system() {
    for (long at = RAM; at < RAM + FakeMemory.SIZE; at += 0x1000) {
      if (memory.get64(at) == 0x5453595320494249L) {
        return at;
      }
    }
    throw new AssertionError("there is no system table");
  }

  /** Makes a function of the guest's. */
  long guest(GuestFunction function) {
    nextGuest += 16;
    guests.put(nextGuest, function);
    return nextGuest;
  }

  /** The same at an address. */
  void at(long address, GuestFunction function) {
    guests.put(address, function);
  }

  BootFirmware firmware() {
    return model.firmware();
  }

  /** Memory of the guest's own, from its stack. */
  long room(int bytes) {
    stack = stack - bytes & -16;
    memory.clear(stack, bytes);
    return stack;
  }

  long boot(BootService service, long... arguments) {
    return call(memory.get64(services() + service.offset()), arguments);
  }

  /** Calls a pointer as a guest does. */
  long call(long function, long... arguments) {
    if (guests.containsKey(function)) {
      return guests.get(function).call(arguments);
    }
    int number = program.function(function - PROGRAM);
    assertEquals(true, number >= 0, "0x" + Long.toHexString(function));
    long before = stack;
    for (int i = arguments.length - 1; i >= 8; i--) {
      stack -= i == arguments.length - 1 && (arguments.length & 1) != 0 ? 16 : 8;
      memory.put64(stack, arguments[i]);
    }
    long frame = stack - A64Program.FRAME;
    for (int i = 0; i < 8; i++) {
      memory.put64(frame + 8L * i, i < arguments.length ? arguments[i] : 0xDEAD_0000 + i);
    }
    try {
      return execute(frame, trap(FirmwareProgram.SERVICE, frame, number, ++counter));
    } finally {
      stack = before;
    }
  }

  /** Thrown through the guest's functions when their frames are left. */
  private static final class Left extends RuntimeException {
    private static final long serialVersionUID = 1;
    final transient long frame;

    Left(long frame) {
      super(null, null, false, false);
      this.frame = frame;
    }
  }

  private long execute(long frame, long[] first) {
    long[] x = first;
    while (true) {
      posts(x[5] & -16);
      if (x[0] == FirmwareProgram.RETURN) {
        if (x[1] != frame) {
          throw new Left(x[1]);
        }
        return memory.get64(frame + A64Program.FRAME_RESULT);
      }
      assertEquals(true, x[0] == FirmwareProgram.CALL || x[0] == FirmwareProgram.WAIT, "verdict " + x[0]);
      if (x[0] == FirmwareProgram.WAIT) {
        asleep.add(x[4] == 0);
        counter = Math.max(counter, x[2]);
        x = trap(FirmwareProgram.WOKEN, x[1], 0, counter);
      } else {
        long[] arguments = new long[8];
        for (int i = 0; i < 8; i++) {
          arguments[i] = memory.get64(x[4] + 8L * i);
        }
        stack = x[3];
        try {
          x = trap(FirmwareProgram.RETURNED, x[1], called(x[2], arguments), ++counter);
        } catch (Left left) {
          if (left.frame != frame) {
            throw left;
          }
          return memory.get64(frame + A64Program.FRAME_RESULT);
        }
      }
    }
  }

  /** What comes before the verdict. */
  private void posts(long list) {
    for (int i = 0; list != 0 && i < memory.get64(list); i++) {
      long entry = list + 16 + 64L * i;
      log.add("post " + memory.get32(entry) + " " + memory.get32(entry + 4) + " 0x" + Long.toHexString(memory.get64(entry + 8)) + " "
          + memory.get64(entry + 16));
    }
  }

  private long called(long function, long[] arguments) {
    return function == PROGRAM + program.touch() ? 0 : call(function, arguments);
  }

  /** Puts a layer in whose functions are these. */
  void layer(String name, Map<String, EfiFunction> functions) {
    context.port(LayersPort.class).attach(new EfiLayer() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public int version() {
        return 1;
      }

      @Override
      public void begin(Firmware firmware) {
        log.add("begin " + name);
      }

      @Override
      public EfiFunction function(String wanted) {
        return functions.get(wanted);
      }
    }, context);
  }

  /** A function that returns at once. */
  static EfiFunction returning(java.util.function.ToLongFunction<Call> function) {
    return call -> EfiStep.done(function.applyAsLong(call));
  }
}
