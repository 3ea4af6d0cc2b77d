// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.UUID;
import org.xenolith.efi.api.CounterAnswer;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.GuestVariables;
import org.xenolith.efi.api.GuestVariablesPort;
import org.xenolith.efi.api.NameAnswer;
import org.xenolith.efi.api.SpaceAnswer;
import org.xenolith.efi.api.VariableAnswer;
import org.xenolith.efi.api.VariableName;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateMismatch;

/** The variables of domains, by UUID; all of them are state, and the machine's reset forgets them. */
final class GuestVariablesModel implements DeviceModel, GuestVariables {
  /** Dom0 can have any number of UUIDs made: of more domains than these, the one whose variables nobody has used for longest loses them. */
  static final int MOST = 256;
  private static final int HEAD = 16 + 1 + 1 + 4;

  private final DeviceState state = new DeviceState();
  private final DeviceContext context;
  private final GuestVariablesPort port;
  /** In the order of their use, the last one last. */
  private final LinkedHashMap<UUID, GuestStore> stores = new LinkedHashMap<>();

  GuestVariablesModel(DeviceContext context) {
    this.context = context;
    port = context.port(GuestVariablesPort.class);
    state.varying("stores", stores::clear, this::encode, this::decode);
    port.attach(this, context);
  }

  private GuestStore store(UUID domain) {
    GuestStore store = stores.remove(domain);
    if (store == null) {
      store = new GuestStore();
      if (stores.size() == MOST) {
        UUID oldest = stores.firstEntry().getKey();
        stores.remove(oldest);
        context.events().report("variable-store", context.instance(), "there are variables of " + MOST + " domains: those of " + oldest
            + " are forgotten, whose use is the longest ago");
      }
    }
    stores.put(domain, store);
    return store;
  }

  @Override
  public void begins(UUID domain) {
    store(domain).begin();
  }

  @Override
  public void exitBootServices(UUID domain) {
    store(domain).variables().exitBootServices();
  }

  @Override
  public VariableAnswer getVariable(UUID domain, VariableName name, long bufferSize) {
    return store(domain).variables().getVariable(name, bufferSize);
  }

  @Override
  public NameAnswer getNextVariableName(UUID domain, VariableName previous, long bufferSize) {
    return store(domain).variables().getNextVariableName(previous, bufferSize);
  }

  @Override
  public EfiStatus setVariable(UUID domain, VariableName name, int attributes, byte[] data) {
    return store(domain).variables().setVariable(name, attributes, data);
  }

  @Override
  public SpaceAnswer queryVariableInfo(UUID domain, int attributes) {
    return store(domain).variables().queryVariableInfo(attributes);
  }

  @Override
  public CounterAnswer getNextHighMonotonicCount(UUID domain) {
    return store(domain).variables().getNextHighMonotonicCount();
  }

  // ---- As bytes, little-endian: each store behind its domain and whether it is run time and was counted; its table behind its length

  private byte[] encode() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    stores.forEach((domain, store) -> {
      EfiVariables variables = store.variables();
      byte[] table = store.table();
      out.writeBytes(ByteBuffer.allocate(HEAD).order(ByteOrder.LITTLE_ENDIAN).putLong(domain.getMostSignificantBits()).putLong(domain
          .getLeastSignificantBits()).put((byte) (variables.isRunTime() ? 1 : 0)).put((byte) (variables.isCounted() ? 1 : 0)).putInt(
              table.length).array());
      out.writeBytes(table);
    });
    return out.toByteArray();
  }

  private void decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    LinkedHashMap<UUID, GuestStore> read = new LinkedHashMap<>();
    while (in.hasRemaining()) {
      int from = in.position();
      try {
        UUID domain = new UUID(in.getLong(), in.getLong());
        boolean runTime = in.get() != 0;
        boolean counted = in.get() != 0;
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
          throw new StateMismatch("stores: offset " + from + ": a table of " + length + " bytes, and " + in.remaining() + " are left");
        }
        byte[] table = new byte[length];
        in.get(table);
        read.put(domain, new GuestStore(table, runTime, counted));
      } catch (BufferUnderflowException e) {
        throw new StateMismatch("stores: offset " + from + ": " + (bytes.length - from) + " bytes are no store");
      }
    }
    stores.clear();
    stores.putAll(read);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void removed() {
    port.detach(this);
  }
}
