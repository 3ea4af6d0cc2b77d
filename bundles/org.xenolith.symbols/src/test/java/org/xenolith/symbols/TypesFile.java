// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Makes what a kernel says of its types. */
final class TypesFile {
  static final int POINTER = 1;
  private static final int STRUCT = 4;
  private static final int UNION = 5;
  private static final int ARRAY = 3;
  private static final int FUNCTION_TYPE = 13;
  private final ByteArrayOutputStream types = new ByteArrayOutputStream();
  private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
  private int count;

  TypesFile() {
    strings.write(0);
    type("", 2, 0, 0);
  }

  /** A member. @param at bytes from the start */
  record Member(String name, int type, int at) {}

  int struct(String name, Member... members) {
    return composed(name, STRUCT, members);
  }

  int union(Member... members) {
    return composed("", UNION, members);
  }

  private int composed(String name, int kind, Member... members) {
    int number = type(name, kind, members.length, 64);
    for (Member each : members) {
      numbers(string(each.name()), each.type(), each.at() * 8);
    }
    return number;
  }

  int array(int element) {
    int number = type("", ARRAY, 0, 0);
    numbers(element, POINTER, 4);
    return number;
  }

  /** With two parameters, to be passed over. */
  void functionType() {
    type("", FUNCTION_TYPE, 2, 0);
    numbers(0, POINTER, 0, POINTER);
  }

  private int type(String name, int kind, int members, int size) {
    numbers(string(name), kind << 24 | members, size);
    return ++count;
  }

  private int string(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    int at = strings.size();
    strings.writeBytes((text + '\0').getBytes(StandardCharsets.US_ASCII));
    return at;
  }

  private void numbers(int... all) {
    for (int each : all) {
      types.writeBytes(bytes(each));
    }
  }

  private static byte[] bytes(int number) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, number).array();
  }

  /** All of it, somewhere in an image. */
  byte[] image() {
    strings.writeBytes(new byte[2048]);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(new byte[64]);
    for (int each : new int[] {0x0001_EB9F, 24, 0, types.size(), types.size(), strings.size()}) {
      all.writeBytes(bytes(each));
    }
    all.writeBytes(types.toByteArray());
    all.writeBytes(strings.toByteArray());
    all.writeBytes(new byte[64]);
    return all.toByteArray();
  }

  /** The types of modules as kernels have them. @param one whether all of a module is in one memory, as up to 6.3 */
  static byte[] ofModules(boolean one) {
    TypesFile file = new TypesFile();
    file.functionType();
    int memory = file.struct("memory", new Member("base", POINTER, 0), new Member("size", POINTER, 8));
    int object = file.struct("module_kobject", new Member("kobj", POINTER, 0), new Member("mod", POINTER, 24));
    int hidden = file.union(new Member("num_kp", POINTER, 0), new Member("kallsyms", POINTER, 0));
    file.struct("module", new Member("list", POINTER, 8), new Member("name", POINTER, 24), new Member("mkobj", object, 80), new Member(one
        ? "core_layout"
        : "mem", one ? memory : file.array(memory), 128), new Member("", hidden, 160));
    file.struct("mod_kallsyms", new Member("symtab", POINTER, 0), new Member("num_symtab", POINTER, 8), new Member("strtab", POINTER, 16),
        new Member("typetab", POINTER, 24));
    return file.image();
  }
}
