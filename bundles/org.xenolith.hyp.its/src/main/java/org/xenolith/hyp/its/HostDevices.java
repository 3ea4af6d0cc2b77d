// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.its;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.hyp.arm.api.VirtualGic;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateMismatch;

/** All devices whose messages are some domain's, what of them is mapped at the machine's ITS, and whose each of its LPIs is. */
final class HostDevices {
  /** LPIs of the machine that one domain may have. */
  static final int MOST_OF_A_DOMAIN = 8192;
  private static final int LPIS = VirtualGic.END_OF_LPIS - VirtualGic.FIRST_LPI;
  private static final Pattern NAME = Pattern.compile("[0-9a-f]{1,7}");

  private final HostIts its;
  private final TreeMap<Integer, HostDevice> devices = new TreeMap<>();
  /** By LPI: the device; null if it is free. Derived. */
  private final HostDevice[] owner = new HostDevice[LPIS];
  /** By LPI: the event. Derived. */
  private final short[] event = new short[LPIS];
  private int search;

  HostDevices(HostIts its, DeviceState state) {
    this.its = its;
    state.children("devices", this::clear, this::states, this::make);
  }

  private void clear() {
    devices.clear();
    Arrays.fill(owner, null);
    search = 0;
  }

  private Map<String, DeviceState> states() {
    Map<String, DeviceState> states = new LinkedHashMap<>();
    devices.forEach((id, device) -> states.put(Integer.toHexString(id), device.state));
    return states;
  }

  private DeviceState make(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      throw new StateMismatch("devices: a device is named \"" + name + "\"");
    }
    return add(Integer.parseInt(name, 16)).state;
  }

  private HostDevice add(int id) {
    HostDevice device = new HostDevice(id);
    devices.put(id, device);
    return device;
  }

  /** Makes what is derived, after a restoration. */
  void restored() {
    Arrays.fill(owner, null);
    search = 0;
    for (HostDevice device : devices.values()) {
      for (int i = 0; i < device.lpi.length; i++) {
        int index = device.lpi[i] - VirtualGic.FIRST_LPI;
        if (index >= 0 && index < LPIS) {
          owner[index] = device;
          event[index] = (short) i;
        } else if (device.lpi[i] != 0) {
          device.unmap(i);
        }
      }
    }
  }

  Collection<HostDevice> all() {
    return devices.values();
  }

  /** The device of that DeviceID; null if it is nobody's. */
  HostDevice get(int id) {
    return devices.get(id);
  }

  /** The device that a domain names so; null if it has none of that name. */
  HostDevice of(int serial, long guestDevice) {
    for (HostDevice device : devices.values()) {
      if (device.serial.value == serial && device.guestDevice.value == guestDevice) {
        return device;
      }
    }
    return null;
  }

  /** The device whose event an LPI is; null for nobody's. */
  HostDevice owner(int lpi) {
    int index = lpi - VirtualGic.FIRST_LPI;
    return index < 0 || index >= LPIS ? null : owner[index];
  }

  /** The event of an LPI that has an {@link #owner}. */
  int event(int lpi) {
    return event[lpi - VirtualGic.FIRST_LPI];
  }

  /** LPIs of the machine that a domain has. */
  int mapped(int serial) {
    int count = 0;
    for (HostDevice device : devices.values()) {
      count += device.serial.value == serial ? device.mapped : 0;
    }
    return count;
  }

  void give(int id, int serial, int guestDevice) {
    HostDevice device = add(id);
    device.serial.value = serial;
    device.guestDevice.value = guestDevice & 0xFFFF_FFFFL;
  }

  /** A device is nobody's any more. */
  void take(HostDevice device) {
    unmap(device);
    devices.remove(device.device);
  }

  void takeAll(int serial) {
    List<HostDevice> own = new ArrayList<>();
    devices.values().stream().filter(d -> d.serial.value == serial).forEach(own::add);
    own.forEach(this::take);
  }

  /** Gives a device room for events, none of which is mapped. @return whether there was memory for it */
  boolean map(HostDevice device, int bits) {
    unmap(device);
    long frame = its.frames(its.tableBytes(bits), 1);
    if (frame < 0) {
      return false;
    }
    device.table.value = frame;
    device.resize(bits);
    return its.command(ItsCommand.mapDevice(device.device, bits, frame << 12));
  }

  /** Takes a device its events. */
  void unmap(HostDevice device) {
    if (device.bits.isSet()) {
      for (int i = 0; i < device.lpi.length; i++) {
        unmap(device, i);
      }
      // Only when the ITS has let go of the table may others have its frames.
      if (its.command(ItsCommand.unmapDevice(device.device))) {
        its.command(ItsCommand.sync(0));
        its.free(device.table.value, its.tableBytes((int) device.bits.value));
      }
      device.resize(0);
      device.table.value = 0;
    }
  }

  /**
   * Maps an event, or gives one that is mapped another meaning.
   *
   * @param processor where its LPI arrives
   * @return false if there is no LPI left
   */
  boolean map(HostDevice device, int number, int guestLpi, int collection, int processor) {
    int lpi = device.lpi[number];
    if (lpi == 0) {
      int index = free();
      if (index < 0) {
        return false;
      }
      owner[index] = device;
      event[index] = (short) number;
      lpi = index + VirtualGic.FIRST_LPI;
    }
    device.map(number, lpi, guestLpi, collection);
    its.command(ItsCommand.mapEvent(device.device, number, lpi, processor));
    its.command(ItsCommand.event(ItsCommand.INV, device.device, number));
    its.command(ItsCommand.sync(processor));
    return true;
  }

  private int free() {
    for (int i = 0; i < LPIS; i++) {
      int index = (search + i) % LPIS;
      if (owner[index] == null) {
        search = (index + 1) % LPIS;
        return index;
      }
    }
    return -1;
  }

  /** Forgets an event, and that it is pending. */
  void unmap(HostDevice device, int number) {
    if (device.isMapped(number)) {
      its.command(ItsCommand.event(ItsCommand.DISCARD, device.device, number));
      owner[device.lpi[number] - VirtualGic.FIRST_LPI] = null;
      device.unmap(number);
    }
  }

  /** An event's LPI arrives at another processor. */
  void move(HostDevice device, int number, int collection, int processor) {
    device.collection[number] = collection;
    its.command(ItsCommand.moveEvent(device.device, number, processor));
    its.command(ItsCommand.sync(processor));
  }

  /** An event is pending no more. */
  void clear(HostDevice device, int number) {
    its.command(ItsCommand.event(ItsCommand.CLEAR, device.device, number));
  }
}
