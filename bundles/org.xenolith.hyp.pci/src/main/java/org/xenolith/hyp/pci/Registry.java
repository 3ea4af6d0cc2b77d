// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pci;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.hyp.api.PciFunction;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateMismatch;

/** The functions that are known, by address; the state of the subsystem. */
final class Registry {
  private static final int VERSION = 1;

  private final TreeMap<Integer, Known> functions = new TreeMap<>(Integer::compareUnsigned);
  private final HostBridgesPort bridges;

  Registry(DeviceState state, HostBridgesPort bridges) {
    this.bridges = bridges;
    state.varying("functions", functions::clear, this::save, this::restore);
  }

  Known at(int sbdf) {
    return functions.get(sbdf);
  }

  void add(Known function) {
    functions.put(function.sbdf, function);
  }

  void remove(Known function) {
    functions.remove(function.sbdf);
  }

  Collection<Known> all() {
    return new ArrayList<>(functions.values());
  }

  /** Functions of a domain. */
  List<Known> of(int serial) {
    return functions.values().stream().filter(f -> f.owner == serial).toList();
  }

  /** As others see it; null while the machine's bridges aren't known, before the first driver of a host bridge is there. */
  PciFunction function(Known known) {
    for (HostBridgePort port : bridges.all()) {
      if (port.node().path().equals(known.bridge)) {
        return known.at(port);
      }
    }
    return null;
  }

  private byte[] save() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeInt(functions.size());
      for (Known function : functions.values()) {
        out.writeInt(function.sbdf);
        out.writeUTF(function.bridge);
        out.writeInt(function.flags);
        out.writeInt(function.physical);
        out.writeInt(function.owner);
        out.writeInt(function.guestSbdf);
        out.writeBoolean(function.assignable);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void restore(byte[] saved) {
    functions.clear();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(saved))) {
      int version = in.readByte();
      if (version != VERSION) {
        throw new StateMismatch("functions: form " + version + ", expected " + VERSION);
      }
      for (int left = in.readInt(); left > 0; left--) {
        Known function = new Known(in.readInt(), in.readUTF(), in.readInt(), in.readInt());
        function.owner = in.readInt();
        function.guestSbdf = in.readInt();
        function.assignable = in.readBoolean();
        add(function);
      }
    } catch (IOException e) {
      throw new StateMismatch("functions: cut short");
    }
  }
}
