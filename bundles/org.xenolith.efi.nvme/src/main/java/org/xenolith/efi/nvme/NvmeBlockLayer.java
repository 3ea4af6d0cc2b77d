// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.nvme;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.HandleDatabase;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.BlockMedia;
import org.xenolith.efi.boot.kit.BusDriverLayer;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.boot.kit.PciAccess;

/** EFI_BLOCK_IO_PROTOCOL on a handle for each namespace of an NVMe controller (NVM Express 1.4), by EFI_PCI_IO_PROTOCOL. */
final class NvmeBlockLayer extends BusDriverLayer {
  /** Tells that a controller is managed; its interface is what the layer keeps of it. */
  static final EfiGuid CONTROLLER = EfiGuid.of("e0b7d0a4-6a2c-4b8f-9a4e-2c5b7f3d1e96");
  private static final int CLASS = 0x01_0802;
  private static final int ATTRIBUTES = 120;
  private static final int READ_CONFIGURATION = 48;
  private static final int ENABLE = 2;
  private static final int MEMORY_MASTER = 0x600;
  private static final int NVME = 23;
  private static final int LEAST_SHIFT = 9;
  private static final int MOST_SHIFT = 12;

  /** Number of Supported: where the class is read to. */
  private enum SupportedSlot {
    CLASS
  }

  private enum Stopping {
    DISABLE, CLOSE_EVENT, RELEASE;

    private static final Stopping[] ALL = values();
  }

  private final NvmeRegisters registers = new NvmeRegisters(this);
  private final NvmeSubmission submission = new NvmeSubmission(this);
  private final NvmeTransfers transfers = new NvmeTransfers(this);
  private final NvmeStarting starting = new NvmeStarting(this);

  NvmeBlockLayer() {
    super(Protocol.PCI_IO, Protocol.BLOCK_IO);
  }

  @Override
  public String name() {
    return "efi.nvme";
  }

  @Override
  public int version() {
    return 4;
  }

  @Override
  protected String title() {
    return "NVM Express Driver";
  }

  @Override
  protected EfiStep supported(Call call, long driver, long controller, long remaining) {
    EfiRam memory = call.firmware().memory();
    if (call.isAt(AskOnce.ASK)) {
      long pci = tryOpen(call, driver, controller, Protocol.PCI_IO);
      call.set(SupportedSlot.CLASS, call.room(8));
      return EfiStep.call(AskOnce.ANSWERED, memory.get64(pci + READ_CONFIGURATION), pci, PciAccess.WIDTH_32, 8, 1, call.get(
          SupportedSlot.CLASS));
    }
    return EfiStep.done(call.result() == 0 && memory.get32(call.get(SupportedSlot.CLASS)) >>> 8 == CLASS ? EfiStatus.SUCCESS
        : EfiStatus.UNSUPPORTED);
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    if (!call.isFirst()) {
      return starting.next(call, driver, controller);
    }
    Firmware firmware = call.firmware();
    long pci = open(call, driver, controller, Protocol.PCI_IO);
    call.set(NvmeStarting.Slot.HOST, firmware.interfaceMemory(this, 16, NvmeHost.NUMBERS));
    call.set(NvmeStarting.Slot.ROOM, call.room(64));
    firmware.numbers(this, call.get(NvmeStarting.Slot.HOST))[NvmeHost.PCI] = pci;
    return EfiStep.call(NvmeStarting.Step.READ_CAPABILITIES, firmware.memory().get64(pci + ATTRIBUTES), pci, ENABLE, MEMORY_MASTER, 0);
  }

  @Override
  protected Enum<?> failing() {
    return NvmeStarting.Step.DISABLE_FAILED;
  }

  void manage(Firmware firmware, long controller, long host) {
    firmware.handles().install(controller, CONTROLLER, host);
  }

  /** Makes a namespace's handle by what the controller says of it (5.15.2, figure 245). */
  void add(Firmware firmware, long driver, long controller, long host, long space) {
    EfiRam memory = firmware.memory();
    long identity = NvmeHost.identity(firmware.numbers(this, host));
    long blocks = memory.get64(identity);
    int shift = memory.get8(identity + 128 + 4L * (memory.get8(identity + 26) & 15) + 2);
    if (blocks <= 0 || shift < LEAST_SHIFT || shift > MOST_SHIFT) {
      firmware.report("NVMe controller: namespace " + space + " has " + blocks + " blocks of 2^" + shift + " bytes; it is left out");
      return;
    }
    long block = firmware.interfaceMemory(this, BlockMedia.SIZE, NvmeHost.NAMESPACE_NUMBERS);
    firmware.numbers(this, block)[NvmeHost.CONTROLLER] = host;
    firmware.numbers(this, block)[NvmeHost.NAMESPACE] = space;
    BlockMedia.write(memory, block, 0, 1L << shift, blocks, false, false);
    pointers(firmware, block + BlockMedia.FUNCTIONS, BlockMedia.functions());
    byte[] said = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putInt((int) space).put(reversed(memory.read(identity + 120, 8)))
        .array();
    child(firmware, driver, controller, path(firmware, controller).node(DevicePath.MESSAGING, NVME, said), block);
  }

  /** The controller has an EUI-64 with its first byte first, the path has it as a number (UEFI 2.10, 10.3.4.21). */
  private static byte[] reversed(byte[] bytes) {
    byte[] turned = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      turned[i] = bytes[bytes.length - 1 - i];
    }
    return turned;
  }

  /** Gives back what a controller had that is disabled. */
  void release(Call call, long driver, long controller, long host) {
    Firmware firmware = call.firmware();
    long pages = firmware.numbers(this, host)[NvmeHost.PAGES_AT];
    if (pages != 0) {
      firmware.freePages(pages, NvmeHost.PAGES);
    }
    firmware.dropInterface(this, host);
    close(call, driver, controller, Protocol.PCI_IO);
  }

  @Override
  protected EfiStep stop(Call call, long driver, long controller) {
    Firmware firmware = call.firmware();
    HandleDatabase handles = firmware.handles();
    long host = handles.find(controller, CONTROLLER);
    switch (call.step(Stopping.ALL)) {
      case DISABLE -> {
        return isBusy(call, host) ? EfiStep.done(EfiStatus.DEVICE_ERROR) : EfiStep.call(Stopping.CLOSE_EVENT, firmware.function(this,
            "WriteRegister"), host,
            NvmeStarting.CONFIGURATION, 0);
      }
      case CLOSE_EVENT -> {
        return closeEvent(call, Stopping.RELEASE, firmware.numbers(this, host), NvmeHost.EVENT);
      }
      default -> {
        handles.uninstall(controller, CONTROLLER, host);
        release(call, driver, controller, host);
        return EfiStep.done();
      }
    }
  }

  @Override
  protected EfiFunction other(String name) {
    return switch (name) {
      case "Reset" -> nothingToDo(NvmeHost.NAMESPACE_NUMBERS);
      case "ReadBlocks" -> transfers::read;
      case "WriteBlocks" -> transfers::write;
      case "FlushBlocks" -> transfers::flush;
      case "Submit" -> submission::next;
      case "ReadRegister" -> registers::read;
      case "WriteRegister" -> registers::write;
      case "Quiesce" -> call -> !call.isAt(AskOnce.ASK) ? EfiStep.done() : EfiStep.call(AskOnce.ANSWERED, call.firmware().function(this,
          "WriteRegister"), call
              .argument(1), NvmeStarting.CONFIGURATION, 0);
      default -> null;
    };
  }
}
