// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.NameAnswer;
import org.xenolith.efi.api.VariableName;

/** A store with a medium in memory, and what tests ask of it. */
final class StoreStand implements Keeper {
  static final int NV_BS_RT = 7;
  static final int NV_BS = 3;
  static final int BS_RT = 6;
  static final int BS = 2;
  static final int TIMED = 0x27;
  static final int APPEND = 0x40;

  static final EfiGuid VENDOR = EfiGuid.of("5b0a9c3e-7d41-4a52-9f0e-2c61d8e7a405");
  private static final Set<String> SPECIFIED = Set.of("PK", "KEK", "SetupMode", "SecureBoot", "SignatureSupport", "VendorKeys");

  final VariableTable table;
  final EfiVariables store;
  /** What was kept, as a log would have it. */
  LogContents kept = new LogContents();
  final List<String> reports = new ArrayList<>();
  boolean readOnly;
  boolean broken;

  StoreStand(StorePolicy policy) {
    table = new VariableTable(policy, this, reports::add);
    store = new EfiVariables(policy, table);
    store.reset(kept);
  }

  StoreStand() {
    this(StorePolicy.USUAL);
  }

  @Override
  public boolean isReadOnly() { return readOnly; }

  @Override
  public long capacity() {
    return -1;
  }

  @Override
  public void keep(LogRecord change, Supplier<LogContents> after) throws IOException {
    if (broken) {
      throw new IOException("the medium is broken");
    }
    kept = after.get();
  }

  /** The machine is reset. */
  void reset() {
    store.reset(LogHistory.copy(kept));
  }

  /** A name of the specification's that the firmware itself has, or of a vendor of any names. */
  static VariableName name(String text) {
    return new VariableName(text, SPECIFIED.contains(text) ? EfiGuid.GLOBAL_VARIABLE : VENDOR);
  }

  EfiStatus set(String name, int attributes, int... bytes) {
    return store.setVariable(name(name), attributes, bytes(bytes));
  }

  static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  /** The data of a variable as text, or the status. */
  String get(String name) {
    return get(name(name));
  }

  String get(VariableName name) {
    var answer = store.getVariable(name, -1);
    return answer.status() == EfiStatus.SUCCESS ? Arrays.toString(answer.data()) : answer.status().toString();
  }

  /** All names but those of the firmware's own, as a guest enumerates them. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    NameAnswer next = store.getNextVariableName(name(""), 1024);
    while (next.status() == EfiStatus.SUCCESS) {
      names.add(next.name().text());
      next = store.getNextVariableName(next.name(), 1024);
    }
    names.removeAll(List.of("SignatureSupport", "VendorKeys", "SetupMode", "SecureBoot"));
    return names;
  }
}
