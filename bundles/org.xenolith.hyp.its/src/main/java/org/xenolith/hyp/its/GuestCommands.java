// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.its;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.arm.api.VirtualGic;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.hyp.kit.DomainParts;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceContext;

/**
 * Executes the commands of domains (Arm IHI 0069H, 5.3): only so many at a time, the others a little later, so that no write of a
 * guest takes long. What can't be executed is an event and passed over; the queue stalls only where it can't be read.
 */
final class GuestCommands {
  private static final long ADDRESS = 0x000F_FFFF_FFFF_F000L;
  /** Work that is done for a domain at a time: a command on one event is 1. */
  private static final int WORK = 256;
  private static final int WORK_OVER_ALL = 64;
  /** Time until the rest is looked at, ns. */
  private static final long PAUSE = 1000;

  private final DeviceContext context;
  private final DomainParts<DomainIts> domains;
  private final HostDevices devices;
  private final VirtualGicPort gic;
  private final Clock clock;
  private final Alarm rest;
  private final byte[] bytes = new byte[ItsCommand.BYTES];
  private final ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);

  GuestCommands(DeviceContext context, DomainParts<DomainIts> domains, HostDevices devices, VirtualGicPort gic) {
    this.context = context;
    this.domains = domains;
    this.devices = devices;
    this.gic = gic;
    clock = context.time().clock();
    rest = context.time().alarm("commands", this::runAll);
  }

  void stop() {
    rest.cancel();
  }

  /** Goes on later with what waits, after a restoration. */
  void resume() {
    if (!rest.armed() && domains.all().stream().anyMatch(DomainIts::isBusy)) {
      rest.at(clock.now() + PAUSE);
    }
  }

  /** Executes what waits of all domains. */
  private void runAll() {
    for (int i = 0; i < domains.all().size(); i++) {
      DomainIts its = domains.of(domains.all().get(i).serial);
      if (its.domain() != null) {
        run(its);
      }
    }
  }

  /** Executes what a domain announced. */
  void run(DomainIts its) {
    for (int work = WORK; work > 0 && its.isBusy();) {
      long at = its.reader.value;
      if (!its.domain().memory().read((its.commands.value & ADDRESS) + at, bytes, 0, bytes.length)) {
        its.reader.value = at | DomainIts.STALLED;
        report(its, "the queue is stalled: no memory at 0x" + Long.toHexString((its.commands.value & ADDRESS) + at));
        return;
      }
      work -= execute(its, new ItsCommand(words.getLong(0), words.getLong(8), words.getLong(16), words.getLong(24)));
      its.reader.value = (at + ItsCommand.BYTES) % its.queueBytes();
    }
    if (its.isBusy() && !rest.armed()) {
      rest.at(clock.now() + PAUSE);
    }
  }

  private void report(DomainIts its, String what) {
    context.events().report("its-command", context.instance(), "domain " + its.domain().id() + ": " + what);
  }

  /** @return the work it was */
  private int execute(DomainIts its, ItsCommand command) {
    int operation = command.operation();
    HostDevice device = devices.of(its.serial, command.device());
    int work = switch (operation) {
      // Every event that was mapped takes commands to the machine's ITS.
      case ItsCommand.MAPD -> 1 + (device == null ? 0 : device.mapped);
      case ItsCommand.INVALL, ItsCommand.MOVALL -> WORK_OVER_ALL;
      default -> 1;
    };
    String fault = switch (operation) {
      case ItsCommand.SYNC -> "";
      case ItsCommand.MAPC -> mapCollection(its, command);
      case ItsCommand.INVALL -> reloadAll(its, command);
      case ItsCommand.MOVALL -> moveAll(its, command);
      case ItsCommand.MAPD -> device == null ? unknown() : mapDevice(device, command);
      case ItsCommand.MAPTI -> device == null ? unknown() : mapEvent(its, device, command, command.intid());
      case ItsCommand.MAPI -> device == null ? unknown() : mapEvent(its, device, command, command.event());
      case ItsCommand.MOVI, ItsCommand.INT, ItsCommand.CLEAR, ItsCommand.INV, ItsCommand.DISCARD ->
          device == null ? unknown() : event(its, device, command);
      default -> "there is no such command";
    };
    if (!fault.isEmpty()) {
      report(its, command + ": " + fault);
    }
    return work;
  }

  private static String unknown() {
    return "the domain has no such device";
  }

  private static String mapCollection(DomainIts its, ItsCommand command) {
    if (!its.hasCollection(command.collection())) {
      return "there is no collection " + command.collection();
    }
    if (command.isValid() && command.processor() >= its.vcpus) {
      return "there is no processor " + command.processor();
    }
    its.collection(command.collection(), command.isValid() ? (int) command.processor() : -1);
    return "";
  }

  private String reloadAll(DomainIts its, ItsCommand command) {
    Vcpu vcpu = its.target(command.collection());
    if (vcpu == null) {
      return "collection " + command.collection() + " isn't mapped";
    }
    gic.reloadLpis(vcpu);
    return "";
  }

  private String moveAll(DomainIts its, ItsCommand command) {
    if (command.processor() >= its.vcpus || command.secondProcessor() >= its.vcpus) {
      return "there is no such processor";
    }
    gic.moveLpis(its.domain().vcpu((int) command.processor()), its.domain().vcpu((int) command.secondProcessor()));
    return "";
  }

  private String mapDevice(HostDevice device, ItsCommand command) {
    if (!command.isValid()) {
      devices.unmap(device);
      return "";
    }
    if (command.bits() > HostDevice.MOST_BITS) {
      return "an EventID has " + HostDevice.MOST_BITS + " bits";
    }
    return devices.map(device, command.bits()) ? "" : "the machine's ITS can't map the device";
  }

  private String mapEvent(DomainIts its, HostDevice device, ItsCommand command, long intid) {
    long event = command.event();
    if (event >= device.lpi.length) {
      return "the event is beyond the device's table";
    }
    if (intid < VirtualGic.FIRST_LPI || intid >= VirtualGic.END_OF_LPIS) {
      return intid + " is no LPI";
    }
    if (!its.hasCollection(command.collection())) {
      return "there is no collection " + command.collection();
    }
    if (!device.isMapped(event) && devices.mapped(its.serial) >= HostDevices.MOST_OF_A_DOMAIN) {
      return "the domain has " + HostDevices.MOST_OF_A_DOMAIN + " events already";
    }
    return devices.map(device, (int) event, (int) intid, command.collection(), processor(its, command.collection())) ? ""
        : "no LPI is left";
  }

  /** The physical CPU where the LPIs of a collection arrive best. */
  private static int processor(DomainIts its, int collection) {
    Vcpu vcpu = its.target(collection);
    return vcpu == null ? 0 : Math.max(0, vcpu.processor());
  }

  private String event(DomainIts its, HostDevice device, ItsCommand command) {
    if (!device.isMapped(command.event())) {
      return "the event isn't mapped";
    }
    int event = (int) command.event();
    int lpi = device.guestLpi[event];
    Vcpu target = its.target(device.collection[event]);
    switch (command.operation()) {
      case ItsCommand.MOVI -> {
        Vcpu to = its.target(command.collection());
        if (to == null) {
          return "collection " + command.collection() + " isn't mapped";
        }
        devices.move(device, event, command.collection(), processor(its, command.collection()));
        gic.moveLpi(to, lpi);
      }
      case ItsCommand.INT -> {
        if (target == null) {
          return "collection " + device.collection[event] + " isn't mapped";
        }
        gic.inject(target, lpi);
      }
      case ItsCommand.CLEAR -> {
        devices.clear(device, event);
        gic.clearLpi(its.domain(), lpi);
      }
      case ItsCommand.INV -> gic.reloadLpi(its.domain(), lpi);
      default -> {
        devices.unmap(device, event);
        gic.clearLpi(its.domain(), lpi);
      }
    }
    return "";
  }
}
