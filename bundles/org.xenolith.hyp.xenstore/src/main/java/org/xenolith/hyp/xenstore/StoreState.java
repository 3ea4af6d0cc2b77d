// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.regs.StateMismatch;
import org.xenolith.regs.StateRecord;
import org.xenolith.xen.abi.StoreHeader;
import org.xenolith.xen.abi.StoreMessage;

/**
 * The store as a neutral record: {@code store.generation}, {@code store.introduced}, {@code store.quota.NAME},
 * {@code store.nodes} and {@code store.connections}. The last two are rows of counted strings and numbers, big-endian.
 */
final class StoreState {
  private static final int ROW_MAX = 1 << 20;

  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  private interface Reading<T> {
    T from(DataInputStream in) throws IOException;
  }

  private StoreState() {
  }

  static StateRecord save(XenStore store) {
    StateRecord record = new StateRecord();
    record.put("store.generation", store.tree().generation());
    record.put("store.introduced", store.introduced().stream().mapToInt(Integer::intValue).toArray());
    store.quota().limits().forEach((name, limit) -> record.put("store.quota." + name, (long) limit));
    record.put("store.nodes", bytes(out -> {
      Map<String, Node> nodes = store.tree().nodes();
      out.writeInt(nodes.size());
      for (Map.Entry<String, Node> entry : nodes.entrySet()) {
        out.writeUTF(entry.getKey());
        writeNode(out, entry.getValue());
      }
    }));
    record.put("store.connections", bytes(out -> {
      out.writeInt(store.connections().size());
      for (Connection connection : store.connections().values()) {
        writeConnection(out, connection);
      }
    }));
    return record;
  }

  static void restore(XenStore store, StateRecord record) {
    Long generation = record.get("store.generation", Long.class);
    int[] introduced = record.get("store.introduced", int[].class);
    Map<String, Node> nodes = read(record, "store.nodes", in -> {
      Map<String, Node> all = new TreeMap<>();
      for (int i = in.readInt(); i > 0; i--) {
        all.put(in.readUTF(), readNode(in));
      }
      return all;
    });
    for (String needed : List.of("/", StoreTree.INTRODUCED, StoreTree.RELEASED)) {
      if (!nodes.containsKey(needed)) {
        throw new StateMismatch("store.nodes: expected a node " + needed + ", found none");
      }
    }
    Map<String, Long> limits = new TreeMap<>();
    store.quota().limits().keySet().forEach(name -> limits.put(name, record.get("store.quota." + name, Long.class)));
    limits.forEach(store.quota()::limit);
    store.tree().restore(nodes, generation);
    store.introduced().clear();
    for (int domain : introduced) {
      store.introduced().add(domain);
    }
    store.connections().clear();
    read(record, "store.connections", in -> {
      for (int i = in.readInt(); i > 0; i--) {
        readConnection(in, store);
      }
      return store;
    });
  }

  private static void writeConnection(DataOutputStream out, Connection connection) throws IOException {
    Connection.Rest rest = connection.rest();
    out.writeInt(connection.domain());
    out.writeBoolean(connection.privileged());
    out.writeInt(rest.target());
    out.writeInt(rest.lastTransaction());
    out.writeBoolean(rest.broken());
    writeBytes(out, rest.input());
    out.writeInt(rest.output().size());
    for (byte[] message : rest.output()) {
      writeBytes(out, message);
    }
    out.writeInt(rest.sent());
    out.writeInt(connection.watches().size());
    for (Watch watch : connection.watches()) {
      out.writeUTF(watch.path());
      out.writeUTF(watch.absolute());
      out.writeUTF(watch.token());
    }
    out.writeInt(connection.transactions().size());
    for (Map.Entry<Integer, StoreTransaction> entry : connection.transactions().entrySet()) {
      out.writeInt(entry.getKey());
      writeTransaction(out, entry.getValue());
    }
  }

  private static void readConnection(DataInputStream in, XenStore store) throws IOException {
    Connection connection = store.connect(in.readInt(), in.readBoolean());
    int target = in.readInt();
    int lastTransaction = in.readInt();
    boolean broken = in.readBoolean();
    byte[] input = readBytes(in);
    if (input.length >= StoreHeader.SIZE + StoreMessage.XENSTORE_PAYLOAD_MAX) {
      throw new StateMismatch("store.connections: expected part of a message, found " + input.length + " bytes");
    }
    List<byte[]> output = new ArrayList<>();
    for (int i = in.readInt(); i > 0; i--) {
      output.add(readBytes(in));
    }
    connection.restore(new Connection.Rest(input, output, in.readInt(), target, lastTransaction, broken));
    for (int i = in.readInt(); i > 0; i--) {
      connection.watches().add(new Watch(in.readUTF(), in.readUTF(), in.readUTF()));
    }
    for (int i = in.readInt(); i > 0; i--) {
      connection.transactions().put(in.readInt(), readTransaction(in, store.transaction(connection.privileged())));
    }
  }

  private static void writeTransaction(DataOutputStream out, StoreTransaction transaction) throws IOException {
    out.writeInt(transaction.touched().size());
    for (Map.Entry<String, Long> touch : transaction.touched().entrySet()) {
      out.writeUTF(touch.getKey());
      out.writeLong(touch.getValue());
    }
    out.writeInt(transaction.changed().size());
    for (Map.Entry<String, Node> change : transaction.changed().entrySet()) {
      out.writeUTF(change.getKey());
      out.writeBoolean(change.getValue() != null);
      if (change.getValue() != null) {
        writeNode(out, change.getValue());
      }
    }
    out.writeInt(transaction.changes().size());
    for (Change change : transaction.changes()) {
      out.writeUTF(change.path());
      out.writeBoolean(change.exact());
      writePermissions(out, change.permissions());
      writePermissions(out, change.parent());
    }
  }

  private static StoreTransaction readTransaction(DataInputStream in, StoreTransaction transaction) throws IOException {
    for (int i = in.readInt(); i > 0; i--) {
      transaction.touched().put(in.readUTF(), in.readLong());
    }
    for (int i = in.readInt(); i > 0; i--) {
      String path = in.readUTF();
      transaction.restoreChange(path, in.readBoolean() ? readNode(in) : null);
    }
    for (int i = in.readInt(); i > 0; i--) {
      transaction.changes().add(new Change(in.readUTF(), in.readBoolean(), readPermissions(in), readPermissions(in)));
    }
    return transaction;
  }

  private static void writeNode(DataOutputStream out, Node node) throws IOException {
    out.writeLong(node.generation());
    writeBytes(out, node.value());
    writePermissions(out, node.permissions());
    out.writeInt(node.children().size());
    for (String child : node.children()) {
      out.writeUTF(child);
    }
  }

  private static Node readNode(DataInputStream in) throws IOException {
    long generation = in.readLong();
    byte[] value = readBytes(in);
    List<Permission> permissions = readPermissions(in);
    List<String> children = new ArrayList<>();
    for (int i = in.readInt(); i > 0; i--) {
      children.add(in.readUTF());
    }
    return new Node(value, permissions, List.copyOf(children), generation);
  }

  private static void writePermissions(DataOutputStream out, List<Permission> permissions) throws IOException {
    out.writeInt(permissions.size());
    for (Permission permission : permissions) {
      out.writeUTF(permission.text());
    }
  }

  private static List<Permission> readPermissions(DataInputStream in) throws IOException {
    List<Permission> permissions = new ArrayList<>();
    for (int i = in.readInt(); i > 0; i--) {
      permissions.add(Permission.parse(in.readUTF()));
    }
    if (permissions.isEmpty()) {
      throw new StateMismatch("store: expected an owner, found no permissions");
    }
    return List.copyOf(permissions);
  }

  private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > ROW_MAX) {
      throw new StateMismatch("store: expected some bytes, found a length of " + length);
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  private static byte[] bytes(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      writing.to(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new IllegalStateException("an array takes all bytes", e);
    }
    return bytes.toByteArray();
  }

  private static <T> T read(StateRecord record, String name, Reading<T> reading) {
    try {
      return reading.from(new DataInputStream(new ByteArrayInputStream(record.get(name, byte[].class))));
    } catch (IOException e) {
      throw new StateMismatch(name + ": the record ends too early");
    } catch (StoreFault e) {
      throw new StateMismatch(name + ": expected the store's rows, found others: " + e.getMessage());
    }
  }
}
