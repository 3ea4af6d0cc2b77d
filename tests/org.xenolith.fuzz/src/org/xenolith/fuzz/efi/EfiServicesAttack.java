// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.efi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.efi.boot.api.BootNode;
import org.xenolith.efi.boot.kit.LayerModel;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.firmware.efi.boot.PlainProgram;
import org.xenolith.fuzz.Attack;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.fuzz.InstalledBoards;
import org.xenolith.fuzz.InstalledComponent;
import org.xenolith.machine.PlainMachines;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.platform.api.BoardProvider.BoardRequest;
import org.xenolith.platform.loader.PlatformLoaderComponent;
import org.xenolith.testkit.efi.EfiProgram;

/**
 * Calls of a program to our own firmware on a real machine, its core and all of its layers: boot services, and functions of any protocol. A call is a byte that says which,
 * how many arguments there are, and those: numbers, places of its own memory, handles, what an earlier call has written, functions, a PE file; 0xFF puts bytes into that memory.
 */
final class EfiServicesAttack implements Attack {
  private static final int MEMORY = 32 << 20;
  private static final long RAM = 0x4000_0000L;
  private static final long TREE = RAM + (2 << 20);
  private static final long NANOSECONDS = 3_000_000_000L;
  private static final long INSTRUCTIONS = 4_000_000;
  private static final ScriptedManager MANAGER = new ScriptedManager(EfiProgram.of("mov x0, #0\nret\n"));

  private final List<String> faults = new ArrayList<>();
  private Machine machine;
  private byte[] tree;

  /** Puts the manager into the machine. */
  public static final class ManagerComponent implements DeviceModelFactory {
    @Override
    public ModelDescription description() {
      return new ModelDescription("an attack", "calls what an input says", "");
    }

    @Override
    public DeviceModel create(DeviceContext context) {
      return new LayerModel(context, MANAGER);
    }
  }

  @Override
  public String word() {
    return "efiservices";
  }

  @Override
  public String says() {
    return "calls of a program to our own firmware: boot services and functions of any protocol, with numbers, pointers, handles, functions and PE files as arguments";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.firmware.efi.boot.**", "org.xenolith.efi.**");
  }

  @Override
  public void fresh() {
    if (machine != null) {
      machine.close();
    }
    machine = null;
    faults.clear();
  }

  private void begin() {
    List<InstalledComponent> components = new ArrayList<>(InstalledComponent.all());
    components.removeIf(each -> each.properties().getOrDefault("xenolith.efi-layer", List.of()).contains(MANAGER.name()));
    components.add(new InstalledComponent(ManagerComponent.class.getName(), java.util.Set.of(DeviceModelFactory.class.getName()), Map.of(
        "xenolith.efi-layer", List.of(MANAGER.name()))));
    Fdt board = InstalledBoards.board("virt", components).tree(BoardRequest.of(1, MEMORY, List.of("gic=3", "virtio=1", "pcie=ecam")));
    board = EfiMachine.withFirmware(board);
    board = board.withRoot(board.root().withChild(new FdtNode(BootNode.PATH.substring(1), List.of(), List.of()).withProperty(FdtProperty
        .ofStrings("compatible", BootNode.COMPATIBLE))));
    tree = FdtWriter.write(board);
    machine = new PlainMachines(components).build(new PlatformLoaderComponent(null).platform("virt", board, Map.of()), (kind, place,
        text) -> {
      if (kind.endsWith("-failed") || PlainMachines.fault(kind) || kind.equals("model-removed")) {
        faults.add(kind + " " + place + ": " + text);
      }
    });
  }

  @Override
  public List<String> execute(byte[] input) {
    if (machine == null) {
      begin();
    }
    MANAGER.script(new InputBytes(input));
    byte[] program = PlainProgram.bytes();
    machine.load(RAM, program, 0, program.length);
    machine.load(TREE, tree, 0, tree.length);
    machine.start(new ArmEntry(RAM, TREE));
    long end = machine.now() + NANOSECONDS;
    long most = machine.instructions() + INSTRUCTIONS;
    long before = -1;
    while (!MANAGER.isOver() && machine.now() < end && machine.instructions() < most && machine.instructions() != before && faults
        .isEmpty()) {
      before = machine.instructions();
      machine.run(new RunLimit(end, Math.min(most, before + 20_000)));
    }
    return List.copyOf(faults);
  }
}
