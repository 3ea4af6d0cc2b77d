// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.kit;

import java.util.List;
import org.xenolith.command.api.BadInput;
import org.xenolith.inspect.api.DeviceRegister;
import org.xenolith.inspect.api.InspectedDevice;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;

/** Devices and their registers as people name them. */
public final class DeviceNames {
  private DeviceNames() {}

  /** Those that a name is meant of: the one with that path, with or without its slash, or else all whose nodes are called so. */
  public static List<InspectedDevice> named(NamedMachine on, String name) {
    List<InspectedDevice> all = on.view().devices();
    List<InspectedDevice> found = all.stream().filter(each -> each.name().equals(name) || each.name().equals("/" + name)).toList();
    return found.isEmpty() ? all.stream().filter(each -> each.name().substring(each.name().lastIndexOf('/') + 1).split("@")[0].equals(name))
        .toList() : found;
  }

  /** The device that is named. @throws BadInput if there is none, or there are several */
  public static InspectedDevice device(NamedMachine on, String name) {
    List<InspectedDevice> found = named(on, name);
    if (found.size() == 1) {
      return found.getFirst();
    }
    List<String> names = on.view().devices().stream().map(InspectedDevice::name).toList();
    throw new BadInput(found.isEmpty() ? "there is no device '" + name + "'" + Texts.near(name, names, "; devices lists them")
        : "'" + name + "' is one of several: " + Texts.list(found.stream().map(InspectedDevice::name).toList()));
  }

  /** Windows of a device's node. */
  public static List<AddressWindow> windows(NamedMachine on, InspectedDevice device) {
    return on.machine().platform().node(device.name()).map(PlatformNode::windows).orElse(List.of());
  }

  /**
   * A register of a device, by its name, or by an offset in a window: {@code [WINDOW:]0xOFFSET}.
   *
   * @throws BadInput if it isn't one, or can't be watched
   */
  public static StopPlace.Register place(NamedMachine on, InspectedDevice device, String text, boolean read, boolean write) {
    List<AddressWindow> windows = windows(on, device);
    if (windows.isEmpty()) {
      throw new BadInput(device.name() + " has no window of its own: its registers can't be watched");
    }
    if (text.matches("([0-9]+:)?0[xX][0-9a-fA-F]+")) {
      int colon = text.indexOf(':');
      int window = colon < 0 ? 0 : Texts.number(text.substring(0, colon)).map(Math::toIntExact).orElse(0);
      return new StopPlace.Register(device.name(), window, Texts.number(text.substring(colon + 1)).orElse(0L), 1, read, write);
    }
    List<DeviceRegister> named = device.registers().stream().filter(each -> each.name().equals(text)).toList();
    if (named.isEmpty()) {
      List<String> names = device.registers().stream().map(DeviceRegister::name).distinct().toList();
      throw new BadInput(device.name() + " has no register '" + text + "'" + Texts.near(text, names, "; regs " + device.name()
          + " lists them"));
    }
    DeviceRegister register = named.getFirst();
    List<String> order = device.registers().stream().map(DeviceRegister::window).distinct().toList();
    int window = windows.size() == 1 ? 0 : order.indexOf(register.window());
    if (windows.size() > 1 && order.size() != windows.size() || register.window().contains("/") || register.window().contains(".")) {
      throw new BadInput(register.name() + " of " + device.name() + " is in '" + register.window()
          + "', of which isn't known which of its windows that is; name the register as WINDOW:0xOFFSET, windows from 0 on");
    }
    return new StopPlace.Register(device.name(), window, register.offset(), register.bytes(), read, write);
  }
}
