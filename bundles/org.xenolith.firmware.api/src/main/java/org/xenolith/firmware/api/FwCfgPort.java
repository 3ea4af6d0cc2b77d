// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.api;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.xenolith.machine.api.ContentPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.PortState;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateMismatch;

/**
 * The permanent place at a node of QEMU's firmware configuration device (fw_cfg) where its items are: some at keys of their own, the
 * others as named files, which a directory lists. Whoever launches a machine puts them there before it starts, and anew after each reset.
 * The arrays are shared: nobody changes them. Files of devices ({@link FwCfgFile}) are there beside them: their models come and go, their
 * names and keys stay. Source: QEMU, docs/specs/fw_cfg.rst.
 */
public final class FwCfgPort implements PortState, ContentPort {
  /** Key of the directory. */
  public static final int DIRECTORY = 0x19;
  /** Key of the first file. */
  public static final int FIRST_FILE = 0x20;
  /** Keys that there are; two more bits of a selector say how it is accessed. */
  public static final int KEYS = 0x4000;
  /** Bytes of a file's name with the zero at its end. */
  public static final int NAME = 56;

  private static final int ENTRY = 8 + NAME;
  private static final byte[] NOTHING = {};

  private final SortedMap<Integer, byte[]> items = new TreeMap<>();
  private final SortedMap<String, byte[]> files = new TreeMap<>();
  private final SortedMap<String, FwCfgFilePort> devices = new TreeMap<>();
  /** The same by their keys. */
  private final Map<Integer, FwCfgFilePort> deviceKeys = new HashMap<>();
  private final DeviceState state = new DeviceState();
  private byte[][] byKey = {};

  public FwCfgPort() {
    state.varying("items", this::clear, this::saved, this::restore);
    state.varying("device-files", this::clearDevices, this::savedDevices, this::restoreDevices);
    state.added("device-files");
  }

  /** Takes everything out but what devices have. */
  public void clear() {
    items.clear();
    files.clear();
    index();
  }

  /**
   * Puts an item at a key of its own, in the place of an earlier one.
   *
   * @throws IllegalArgumentException if files have that key
   */
  public void item(int key, byte[] content) {
    if (key < 0 || key >= FIRST_FILE || key == DIRECTORY) {
      throw new IllegalArgumentException("fw_cfg key 0x" + Integer.toHexString(key)
          + ": expected one below 0x20 that isn't the directory's");
    }
    items.put(key, content);
    index();
  }

  /** Puts a number of 16, 32 or 64 bits at a key: {@code size} bytes, little-endian. */
  public void number(int key, int size, long value) {
    byte[] content = new byte[size];
    for (int i = 0; i < size; i++) {
      content[i] = (byte) (value >>> 8 * i);
    }
    item(key, content);
  }

  /**
   * Puts a file there, in the place of an earlier one of that name.
   *
   * @throws IllegalArgumentException if the name isn't 1 to 55 characters of ASCII, or there are too many files
   */
  public void file(String name, byte[] content) {
    check(name);
    if (devices.containsKey(name)) {
      throw new IllegalArgumentException("fw_cfg file '" + name + "': a device has it");
    }
    files.put(name, content);
    index();
  }

  private void check(String name) {
    if (name.isEmpty() || name.length() >= NAME || !name.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
      throw new IllegalArgumentException("fw_cfg file '" + name + "': expected a name of 1 to " + (NAME - 1) + " characters of ASCII");
    }
    if (files.size() + devices.size() >= KEYS - FIRST_FILE) {
      throw new IllegalArgumentException("fw_cfg file '" + name + "': there are " + files.size() + " already");
    }
  }

  /**
   * Model of a device: puts its file there, in the place of that of an earlier model. When the model goes, the file reads as zeros and what is
   * written is lost; guests that have read the directory find every file where it was.
   *
   * @param owner told if the file throws, which costs it its place
   * @throws IllegalArgumentException if the name can't be one, a file that isn't a device's has it, or it had another length
   */
  public void attach(FwCfgFile file, DeviceContext owner) {
    check(file.name());
    if (files.containsKey(file.name())) {
      throw new IllegalArgumentException("fw_cfg file '" + file.name() + "': it is there, and no device's");
    }
    FwCfgFilePort place = devices.computeIfAbsent(file.name(), name -> new FwCfgFilePort(file.length()));
    if (place.length() != file.length()) {
      throw new IllegalArgumentException("fw_cfg file '" + file.name() + "': " + file.length() + " bytes, and it had " + place.length());
    }
    place.attach(file, owner);
    index();
  }

  /** Model of a device: takes its file out if it is still in. */
  public void detach(FwCfgFile file) {
    FwCfgFilePort place = devices.get(file.name());
    if (place != null) {
      place.detach(file);
    }
  }

  /** Model: the content behind a key; empty where there is none. */
  public byte[] content(int key) {
    FwCfgFilePort device = deviceKeys.get(key);
    return device != null ? device.content() : key < byKey.length && byKey[key] != null ? byKey[key] : NOTHING;
  }

  /** Model: whether there is a file of a device behind a key. */
  public boolean isWritable(int key) {
    return deviceKeys.containsKey(key);
  }

  /**
   * Model: writes into a file of a device.
   *
   * @return false if there is no such file behind the key, or some of it lies outside
   */
  public boolean write(int key, long offset, byte[] bytes) {
    FwCfgFilePort device = deviceKeys.get(key);
    return device != null && device.write(offset, bytes);
  }

  /** The files by name that aren't a device's. */
  public Map<String, byte[]> files() {
    return new TreeMap<>(files);
  }

  /** Items by their keys, and files that aren't a device's. */
  @Override
  public Map<String, byte[]> contents() {
    Map<String, byte[]> contents = new TreeMap<>();
    items.forEach((key, content) -> contents.put("item 0x%02x".formatted(key), content));
    files.forEach((name, content) -> contents.put("file " + name, content));
    return contents;
  }

  private void index() {
    SortedMap<String, Integer> lengths = new TreeMap<>();
    devices.forEach((name, place) -> lengths.put(name, place.length()));
    files.forEach((name, content) -> lengths.put(name, content.length));
    byte[][] keys = new byte[FIRST_FILE + lengths.size()][];
    items.forEach((key, content) -> keys[key] = content);
    ByteBuffer directory = ByteBuffer.allocate(4 + ENTRY * lengths.size()).putInt(lengths.size());
    deviceKeys.clear();
    int key = FIRST_FILE;
    for (var file : lengths.entrySet()) {
      int entry = directory.position();
      directory.putInt(file.getValue()).putShort((short) key).putShort((short) 0).put(file.getKey().getBytes(StandardCharsets.US_ASCII))
          .position(entry + ENTRY);
      if (devices.containsKey(file.getKey())) {
        deviceKeys.put(key, devices.get(file.getKey()));
      } else {
        keys[key] = files.get(file.getKey());
      }
      key++;
    }
    keys[DIRECTORY] = directory.array();
    byKey = keys;
  }

  private byte[] saved() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(items.size());
      for (var item : items.entrySet()) {
        out.writeInt(item.getKey());
        content(out, item.getValue());
      }
      out.writeInt(files.size());
      for (var file : files.entrySet()) {
        out.writeUTF(file.getKey());
        content(out, file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void content(DataOutputStream out, byte[] content) throws IOException {
    out.writeInt(content.length);
    out.write(content);
  }

  /** Forgets devices' files that nobody serves. */
  private void clearDevices() {
    devices.values().removeIf(place -> !place.present());
    index();
  }

  private byte[] savedDevices() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(devices.size());
      for (var device : devices.entrySet()) {
        out.writeUTF(device.getKey());
        out.writeInt(device.getValue().length());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void restoreDevices(byte[] record) {
    clearDevices();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(record))) {
      for (int left = in.readInt(); left > 0; left--) {
        String name = in.readUTF();
        int length = in.readInt();
        FwCfgFilePort place = devices.get(name);
        if (length < 0 || length > FwCfgFilePort.MOST || place != null && place.length() != length) {
          throw new StateMismatch("device-files: a file '" + name + "' of " + length + " bytes");
        }
        if (place == null) {
          check(name);
          devices.put(name, new FwCfgFilePort(length));
        }
      }
    } catch (IOException e) {
      throw new StateMismatch("device-files: they aren't what was written: they end too early");
    } catch (IllegalArgumentException e) {
      throw new StateMismatch("device-files: they aren't what was written: " + e.getMessage());
    }
    index();
  }

  private void restore(byte[] record) {
    items.clear();
    files.clear();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(record))) {
      for (int left = in.readInt(); left > 0; left--) {
        item(in.readInt(), content(in));
      }
      for (int left = in.readInt(); left > 0; left--) {
        file(in.readUTF(), content(in));
      }
    } catch (IOException e) {
      throw new StateMismatch("items: they aren't what was written: they end too early");
    } catch (IllegalArgumentException e) {
      throw new StateMismatch("items: they aren't what was written: " + e.getMessage());
    }
    index();
  }

  private static byte[] content(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new StateMismatch("items: they aren't what was written: a content of " + length + " bytes");
    }
    return in.readNBytes(length);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  /** The next boot brings its own. */
  @Override
  public void machineReset() {
    clear();
  }
}
