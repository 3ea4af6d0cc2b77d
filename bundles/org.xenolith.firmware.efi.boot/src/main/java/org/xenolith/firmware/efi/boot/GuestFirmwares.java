// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.efi.api.RuntimeMemory;
import org.xenolith.efi.boot.api.BootGuest;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.GuestBoot;
import org.xenolith.efi.boot.api.LayersPort;
import org.xenolith.efi.kit.RuntimeServicesCode.Conduit;
import org.xenolith.regs.DeviceState;

/** The firmware of each guest of a hypervisor, by the guest's number. */
final class GuestFirmwares implements GuestBoot {
  private final LayersPort layers;
  /** How guests of this machine's processors call. */
  private final Conduit conduit;
  private final Map<Integer, One> all = new TreeMap<>();

  GuestFirmwares(LayersPort layers, Conduit conduit) {
    this.layers = layers;
    this.conduit = conduit;
  }

  /** One guest's. */
  private static final class One extends FirmwareRam implements FirmwareEnvironment {
    private final BootFirmware firmware;
    private final ProgramCalls calls;
    /** Known since its first call; of a machine that was restored since the first one after it. */
    private BootGuest guest;
    private final Conduit conduit;

    private One(LayersPort layers, Conduit conduit) {
      this.conduit = conduit;
      firmware = new BootFirmware(this, layers);
      calls = new ProgramCalls(firmware, this);
    }

    @Override
    boolean read(long address, byte[] to, int length) {
      return guest != null && guest.read(address, to, 0, length);
    }

    @Override
    boolean write(long address, byte[] from, int length) {
      return guest != null && guest.write(address, from, 0, length);
    }

    @Override
    public EfiRam memory() {
      return this;
    }

    @Override
    public Conduit conduit() {
      return conduit;
    }

    @Override
    public void placed(RuntimeMemory memory) {
      guest.placed(memory);
    }

    @Override
    public void report(String kind, String text) {
      guest.report(kind, text);
    }

    @Override
    public void announce(String kind, String text) {
      guest.announce(kind, text);
    }
  }

  @Override
  public boolean answers(int function) {
    return ProgramCalls.answers(function);
  }

  @Override
  public void call(BootGuest guest, long[] registers) {
    One one = all.get(guest.number());
    if (one == null) {
      if ((int) registers[0] != FirmwareProgram.ENTER) {
        registers[0] = -1;
        return;
      }
      one = new One(layers, conduit);
      all.put(guest.number(), one);
    }
    one.guest = guest;
    one.calls.call(registers);
  }

  @Override
  public boolean hasBootServices(int guest) {
    One one = all.get(guest);
    return one != null && one.firmware.isRunning();
  }

  @Override
  public void gone(int guest) {
    all.remove(guest);
  }

  /** A layer has come. */
  void arrived() {
    all.values().forEach(one -> one.firmware.arrived());
  }

  /** Those that a person can ask, by their names. */
  Map<String, BootFirmware> byName() {
    Map<String, BootFirmware> known = new LinkedHashMap<>();
    all.forEach((number, one) -> {
      if (one.guest != null) {
        known.put(one.guest.name(), one.firmware);
      }
    });
    return known;
  }

  void clear() {
    all.clear();
  }

  /** States by number. */
  Map<String, DeviceState> states() {
    Map<String, DeviceState> states = new LinkedHashMap<>();
    all.forEach((number, one) -> states.put(Integer.toString(number), one.firmware.state()));
    return states;
  }

  /** Makes one that a record has. */
  DeviceState make(String number) {
    One one = new One(layers, conduit);
    all.put(Integer.valueOf(number), one);
    return one.firmware.state();
  }
}
