// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xenolith.efi.api.RuntimeMemory;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.kit.EfiMemoryType;
import org.xenolith.efi.kit.RuntimePieces;
import org.xenolith.efi.kit.RuntimeServicesCode;
import org.xenolith.fdt.Fdt;

/** What firmware does when it is entered: the map of the guest's memory, translation, and the tables that its program and the guest find there. */
final class ProgramStart {
  private static final long STACK = 128 << 10;

  private final BootFirmware firmware;
  private final FirmwareEnvironment around;
  private final ProgramState run;

  ProgramStart(BootFirmware firmware, FirmwareEnvironment around, ProgramState run) {
    this.firmware = firmware;
    this.around = around;
    this.run = run;
  }

  /** As {@link BootFirmware#enter}. @throws EfiError if the tree isn't one or there is no room; says what */
  long[] enter(long[] registers) {
    EfiRam memory = firmware.memory();
    PageMap pages = firmware.pageMap();
    FirmwareProgram program = firmware.program();
    FirmwareProgram.Entered entered = program.entered(memory, registers);
    long at = entered.program();
    long device = entered.tree();
    run.entry.enter(at, device, entered.counter(), entered.frequency());
    run.hypervisor = entered.hypervisor();
    Fdt description = firmware.tree();
    Optional<HandedTables> described = HandedTables.of(description, memory, text -> firmware.report("efi-acpi", text));
    TreeMemory.ram(description).forEach(piece -> pages.add(piece.base(), piece.size(), EfiMemoryType.CONVENTIONAL.number()));
    TreeMemory.reserved(description).forEach(piece -> pages.claim(piece.base(), piece.size(), EfiMemoryType.RESERVED.number()));
    described.ifPresent(acpi -> acpi.places().forEach(piece -> pages.claimOrAdd(piece.base(), piece.size(), EfiMemoryType.ACPI_RECLAIM
        .number())));
    TreeMemory.loaded(description).forEach(piece -> pages.claim(piece.base(), piece.size(), EfiMemoryType.BOOT_SERVICES_DATA.number()));
    pages.claim(at, FirmwareProgram.SIZE, EfiMemoryType.BOOT_SERVICES_CODE.number());
    pages.claim(device, run.entry.treeSize(memory), EfiMemoryType.ACPI_RECLAIM.number());
    long runtime = pages.allocate(EfiMemoryType.RUNTIME_SERVICES_CODE.number(), RuntimePieces.PIECE / PageMap.PAGE, -1);
    run.tables = pages.allocate(EfiMemoryType.RUNTIME_SERVICES_DATA.number(), RuntimePieces.PIECE / PageMap.PAGE, -1);
    memory.clear(run.tables, RuntimePieces.PIECE);
    memory.write(runtime, RuntimeServicesCode.bytes(around.conduit()));
    long stack = firmware.pages(STACK / PageMap.PAGE);
    List<TreeMemory.Piece> ram = new ArrayList<>(TreeMemory.ram(description));
    described.ifPresent(acpi -> ram.addAll(acpi.places()));
    long[] translation = program.translation(memory, firmware::pages, stack + STACK, ram);
    // The first function is where the program goes on.
    firmware.functions().number(CoreServices.LAYER, CoreServices.RUN);
    firmware.tables().write(firmware.pages(1), service -> firmware.function(CoreServices.LAYER, service.name()), runtime);
    run.image = firmware.images().firmware(firmware);
    run.nothing = new NullConsole(firmware).make();
    firmware.consoles(run.nothing, run.nothing);
    SmbiosTables.handOn(firmware);
    described.ifPresentOrElse(acpi -> acpi.handOn(firmware), () -> firmware.tables().configuration(BootFirmware.DEVICE_TREE_TABLE, device));
    around.placed(new RuntimeMemory(run.tables, firmware.tables().runtime(), List.of(new RuntimeMemory.Range(runtime, RuntimePieces.PIECE,
        runtime), new RuntimeMemory.Range(run.tables, RuntimePieces.PIECE, run.tables)), false));
    return translation;
  }
}
