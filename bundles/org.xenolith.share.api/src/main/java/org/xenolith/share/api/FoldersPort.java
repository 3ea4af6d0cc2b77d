// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.xenolith.machine.api.PortState;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateMismatch;
import org.xenolith.regs.StateRecord;

/**
 * The permanent place at a node whose model has several devices that show folders, which come and go while it runs, as a hypervisor's back ends: a
 * {@link SharePort} for each, by a key. Everything runs on the machine's thread. Which folders there are is what the machine does, and comes
 * again in a replay; where they are on the host is in snapshots, and not in the digest.
 */
public final class FoldersPort implements PortState {
  /** Between the node's path and the key in the place of an {@linkplain SharePort#INPUT input}. */
  private static final char BEHIND_THE_NODE = '#';
  /** Until its record is read. */
  private static final SharedFolder UNKNOWN = new SharedFolder("", true, "", "");

  private final DeviceState state = new DeviceState();
  private final Map<String, SharePort> places = new TreeMap<>();
  private final Map<String, SharedFolder> folders = new TreeMap<>();
  /** Of before a restore: who is outside stays at a port whose key is there again. */
  private final Map<String, SharePort> before = new TreeMap<>();
  private @Nullable Watcher watcher;

  /** Hears of folders that come and go while the machine runs. */
  public interface Watcher {
    /** A folder is to be shown at the port of a key. */
    void added(String key);

    /** It is no longer: its port is nobody's. */
    void removed(String key);
  }

  /** No folders. */
  public FoldersPort() {
    state.children("folders", this::clear, () -> {
      Map<String, DeviceState> children = new TreeMap<>();
      places.forEach((key, port) -> children.put(key, port.state()));
      return children;
    }, key -> {
      SharePort port = before.containsKey(key) ? before.get(key) : make(key);
      places.put(key, port);
      folders.put(key, UNKNOWN);
      return port.state();
    });
  }

  private SharePort make(String key) {
    SharePort port = new SharePort();
    port.state().varying("folder", () -> {}, () -> bytes(folders.get(key)), saved -> folders.put(key, folder(saved)));
    return port;
  }

  private static byte[] bytes(SharedFolder folder) {
    StateRecord record = new StateRecord();
    record.put("path", folder.path().getBytes(UTF_8));
    record.put("read-only", new byte[] {(byte) (folder.readOnly() ? 1 : 0)});
    record.put("said", folder.said().getBytes(UTF_8));
    record.put("mount", folder.mount().getBytes(UTF_8));
    return record.toBytes();
  }

  private static SharedFolder folder(byte[] saved) {
    Map<String, Object> values = StateRecord.ofBytes(saved).values();
    byte[] readOnly = bytes(values, "read-only");
    return new SharedFolder(text(values, "path"), readOnly.length != 1 || readOnly[0] != 0, text(values, "said"), text(values, "mount"));
  }

  private static byte[] bytes(Map<String, Object> values, String name) {
    if (!(values.get(name) instanceof byte[] bytes)) {
      throw new StateMismatch("shared folders: " + name + " is no text");
    }
    return bytes;
  }

  private static String text(Map<String, Object> values, String name) {
    return new String(bytes(values, name), UTF_8);
  }

  private void clear() {
    before.putAll(places);
    places.clear();
    folders.clear();
  }

  /** Has a folder be shown at the port of a key, in the place of an earlier one. */
  public void add(String key, SharedFolder folder) {
    remove(key);
    folders.put(key, folder);
    places.put(key, make(key));
    if (watcher != null) {
      watcher.added(key);
    }
  }

  /** A folder is no longer shown. */
  public void remove(String key) {
    before.remove(key);
    folders.remove(key);
    if (places.remove(key) != null && watcher != null) {
      watcher.removed(key);
    }
  }

  /** The folders that are to be shown, by key. */
  public Map<String, SharedFolder> folders() {
    return new TreeMap<>(folders);
  }

  /** Where the device of a key meets its folder; empty if it is to show none. */
  public Optional<SharePort> port(String key) {
    return Optional.ofNullable(places.get(key));
  }

  /** Has somebody outside hear of folders, in the place of who did; null for nobody. */
  public void watch(@Nullable Watcher newWatcher) {
    watcher = newWatcher;
  }

  /** Place of the inputs for the device of a key. */
  public static String place(String node, String key) {
    return node + BEHIND_THE_NODE + key;
  }

  /** The node in the place of an input. */
  public static String node(String place) {
    int at = place.indexOf(BEHIND_THE_NODE);
    return at < 0 ? place : place.substring(0, at);
  }

  /** The key in the place of an input; empty if its node has one device alone. */
  public static Optional<String> key(String place) {
    int at = place.indexOf(BEHIND_THE_NODE);
    return at < 0 ? Optional.empty() : Optional.of(place.substring(at + 1));
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public boolean ofTheHost() {
    return true;
  }

  /** What showed folders begins anew, and with none. */
  @Override
  public void machineReset() {
    for (String key : folders().keySet()) {
      remove(key);
    }
    before.clear();
  }
}
