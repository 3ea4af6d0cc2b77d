// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci.xgene;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.kit.RootBridgeLayer;
import org.xenolith.efi.boot.kit.TreeDevice;

/** Root bridges on the device tree's ports of X-Gene v1, which are brought up when they are started. There is no public manual. */
final class XgeneRootLayer extends RootBridgeLayer {
  /** Tells that a handle is such a port: its interface is the address of its first window. */
  static final EfiGuid PORT = EfiGuid.of("97b1f2e4-0d52-4a7b-9c1d-6a3c5b0f8e92");
  /** Number of the protocol: the port's registers. */
  static final int CSR = NUMBERS;
  private static final int STATUS = 0x50;
  private static final int LINK_UP = 1 << 8;
  private static final int BUSES = 256;
  /** A link trains for some milliseconds; without a card it never comes up. */
  private static final long LOOK_MICROSECONDS = 1000;
  private static final long MOST_LOOKS = 50;
  /** Numbers of Start: the mark, how often the link was looked at. */
  private enum Slot {
    BASE, LOOKS
  }

  private enum Starting {
    READ_CLOCK, ENABLE_CLOCK, LEAVE_RESET, OPEN, OPEN_INBOUND, READ_LINK, SEE_LINK;

    private static final Starting[] ALL = values();
  }

  XgeneRootLayer() {
    super(PORT, "apm,xgene-storm-pcie", "apm,xgene-pcie");
  }

  @Override
  public String name() {
    return "efi.pci.xgene";
  }

  @Override
  public int version() {
    return 3;
  }

  @Override
  protected String title() {
    return "PCI Host Bridge Driver (X-Gene)";
  }

  private static TreeDevice.Window window(TreeDevice host, String name) {
    return host.window(name).orElseThrow(() -> new EfiError(EfiStatus.UNSUPPORTED, host.path() + ": reg-names: no window is called "
        + name));
  }

  @Override
  protected EfiStep supported(Call call, long driver, long controller, long remaining) {
    TreeDevice host = device(call.firmware().tree(), tryOpen(call, driver, controller, PORT));
    window(host, "csr");
    window(host, "cfg");
    return EfiStep.done();
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    Firmware firmware = call.firmware();
    if (call.isFirst()) {
      call.set(Slot.BASE, tryOpen(call, driver, controller, PORT));
    }
    TreeDevice host = device(firmware.tree(), call.get(Slot.BASE));
    long csr = window(host, "csr").base();
    PortOpening opening = new PortOpening(firmware.tree(), host, csr, window(host, "cfg").base());
    switch (call.step(Starting.ALL)) {
      case READ_CLOCK -> {
        open(call, driver, controller, PORT);
        opening.unusual().forEach(text -> firmware.report(host.path() + ": " + text));
        return opening.hasClock() ? new EfiStep.Touch(Starting.ENABLE_CLOCK, opening.readClock()) : new EfiStep.Go(Starting.OPEN);
      }
      case ENABLE_CLOCK -> {
        return new EfiStep.Touch(Starting.LEAVE_RESET, opening.enableClock(call.accessed(0)));
      }
      case LEAVE_RESET -> {
        return new EfiStep.Touch(Starting.OPEN, opening.leaveReset(call.accessed(1)));
      }
      case OPEN -> {
        return new EfiStep.Touch(Starting.OPEN_INBOUND, opening.open());
      }
      case OPEN_INBOUND -> {
        int last = opening.open().size() - 1;
        return new EfiStep.Touch(Starting.READ_LINK, opening.openInbound(call.accessed(last - 1), call.accessed(last)));
      }
      case READ_LINK -> {
        return EfiStep.touch(Starting.SEE_LINK, EfiAccess.read(4, csr + STATUS));
      }
      default -> {
        call.set(Slot.LOOKS, call.get(Slot.LOOKS) + 1);
        if ((call.accessed(0) & LINK_UP) == 0 && call.get(Slot.LOOKS) < MOST_LOOKS) {
          return new EfiStep.Wait(Starting.READ_LINK, firmware.after(LOOK_MICROSECONDS));
        }
        long root = publish(firmware, controller, host, window(host, "cfg").base(), BUSES, 1);
        firmware.numbers(this, root)[CSR] = csr;
        return EfiStep.done();
      }
    }
  }

  @Override
  protected EfiStep configuration(Call call, boolean write, long[] numbers, Target target) {
    return ConfigurationCycles.next(call, write, numbers[CSR], numbers[CONFIGURATION], target);
  }
}
