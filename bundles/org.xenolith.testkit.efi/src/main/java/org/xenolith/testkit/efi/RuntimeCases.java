// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.xenolith.testkit.efi.ServiceProgram.at;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiTime;

/**
 * A program that calls every runtime service with good and bad arguments (UEFI 2.10, chapter 8), with boot services, without them, and with a virtual address
 * map; {@link RuntimeFacts} has what it tells. Variables that it makes are gone at its end.
 */
public final class RuntimeCases {
  private static final int GET_TIME = 24;
  private static final int SET_TIME = 32;
  private static final int GET_WAKEUP_TIME = 40;
  private static final int SET_WAKEUP_TIME = 48;
  private static final int SET_VIRTUAL_ADDRESS_MAP = 56;
  private static final int CONVERT_POINTER = 64;
  private static final int GET_VARIABLE = 72;
  private static final int GET_NEXT_VARIABLE_NAME = 80;
  private static final int SET_VARIABLE = 88;
  private static final int GET_NEXT_HIGH_MONOTONIC_COUNT = 96;
  private static final int UPDATE_CAPSULE = 112;
  private static final int QUERY_CAPSULE_CAPABILITIES = 120;
  private static final int QUERY_VARIABLE_INFO = 128;
  private static final EfiGuid OWN = EfiGuid.of("5a4c1d0e-9b37-4f26-8d51-73e0c2a9b684");
  private static final EfiGuid PKCS7 = EfiGuid.of("4aafd29d-68df-49ee-8aa9-347d375665a7");
  private static final String NULL = "0";
  /** NON_VOLATILE, BOOTSERVICE_ACCESS and RUNTIME_ACCESS. */
  private static final String KEPT = "7";

  private final ServiceProgram program;

  private RuntimeCases(long uart) {
    program = new ServiceProgram(uart);
  }

  /**
   * The program.
   *
   * @param uart address of a PL011 that it tells on
   * @param type of the reset that it ends with; powers off if that comes back
   */
  public static byte[] program(long uart, int type) {
    RuntimeCases cases = new RuntimeCases(uart);
    cases.program.put("own", OWN.toBytes()).put("global", EfiGuid.GLOBAL_VARIABLE.toBytes()).put("errors", EfiGuid.HARDWARE_ERROR_VARIABLE
        .toBytes()).text("empty", "").text("cow", "Cow").text("none", "None").put("data", "0x0807060504030201").put("zero", "0");
    cases.time();
    cases.wakeup();
    cases.addresses();
    cases.getVariable();
    cases.names();
    cases.setVariable();
    cases.authenticated();
    cases.firmwaresVariables();
    cases.space();
    cases.others();
    cases.afterBootServices();
    cases.withMap();
    return cases.program.ending(type);
  }

  /** One that only resets. */
  public static byte[] reset(long uart, int type) {
    return new ServiceProgram(uart).ending(type);
  }

  // ---- Time

  private static EfiTime date(int year, int month, int day, int hour, int minute, int second) {
    return EfiTime.utc(year, month, day, hour, minute, second);
  }

  private static EfiTime more(long nanosecond, int zone, int daylight) {
    return new EfiTime(2031, 2, 3, 4, 5, 6, 0, nanosecond, zone, daylight, 0);
  }

  private void setTime(String name, EfiTime time) {
    program.put("time", time.toBytes()).call(SET_TIME, "SetTime, " + name, at("time"));
  }

  private void getTime(String name) {
    program.put("now", new byte[EfiTime.SIZE]).call(GET_TIME, "GetTime, " + name, at("now"), NULL).show("year", "now", 0, 2).show("month",
        "now", 2, 1).show("nanosecond", "now", 8, 4).show("zone", "now", 12, 2).show("daylight", "now", 14, 1);
  }

  private void time() {
    program.call(GET_TIME, "GetTime, null", NULL, NULL);
    getTime("as it is");
    program.put("able", new byte[16]).call(GET_TIME, "GetTime, capabilities", at("now"), at("able")).show("resolution", "able", 0, 4).show(
        "accuracy", "able", 4, 4).show("clears", "able", 8, 1);
    program.call(SET_TIME, "SetTime, null", NULL);
    setTime("year 1899", date(1899, 2, 3, 4, 5, 6));
    setTime("year 10000", date(10000, 2, 3, 4, 5, 6));
    setTime("month 0", date(2031, 0, 3, 4, 5, 6));
    setTime("month 13", date(2031, 13, 3, 4, 5, 6));
    setTime("day 0", date(2031, 2, 0, 4, 5, 6));
    setTime("29 February 2031", date(2031, 2, 29, 4, 5, 6));
    setTime("hour 24", date(2031, 2, 3, 24, 5, 6));
    setTime("minute 60", date(2031, 2, 3, 4, 60, 6));
    setTime("second 60", date(2031, 2, 3, 4, 5, 60));
    setTime("nanosecond 1000000000", more(1_000_000_000, 0, 0));
    setTime("zone 1441", more(0, 1441, 0));
    setTime("zone -1441", more(0, -1441, 0));
    setTime("daylight 4", more(0, 0, 4));
    setTime("year 1969", date(1969, 2, 3, 4, 5, 6));
    setTime("year 2107", date(2107, 2, 3, 4, 5, 6));
    setTime("29 February 2028", date(2028, 2, 29, 4, 5, 6));
    getTime("29 February 2028");
    setTime("a zone and daylight", more(0, -60, 3));
    getTime("a zone and daylight");
    setTime("no zone", more(0, EfiTime.UNSPECIFIED, 0));
    getTime("no zone");
  }

  private void wakeup() {
    program.call(GET_WAKEUP_TIME, "GetWakeupTime, enabled null", NULL, at("pending"), at("now"));
    program.call(GET_WAKEUP_TIME, "GetWakeupTime, pending null", at("enabled"), NULL, at("now"));
    program.call(GET_WAKEUP_TIME, "GetWakeupTime, time null", at("enabled"), at("pending"), NULL);
    getWakeup("as it is");
    program.put("time", date(2031, 13, 3, 4, 5, 6).toBytes()).call(SET_WAKEUP_TIME, "SetWakeupTime, month 13", "1", at("time"));
    program.put("time", more(0, EfiTime.UNSPECIFIED, 0).toBytes()).call(SET_WAKEUP_TIME, "SetWakeupTime, a time", "1", at("time"));
    getWakeup("a time");
    program.call(SET_WAKEUP_TIME, "SetWakeupTime, disabled", "0", NULL);
    getWakeup("disabled");
  }

  private void getWakeup(String name) {
    program.put("enabled", "0").put("pending", "0").call(GET_WAKEUP_TIME, "GetWakeupTime, " + name, at("enabled"), at("pending"), at("now"))
        .show("enabled", "enabled", 0, 1).show("pending", "pending", 0, 1);
  }

  // ---- Addresses

  private void addresses() {
    program.put("map", new byte[48]).call(SET_VIRTUAL_ADDRESS_MAP, "SetVirtualAddressMap, with boot services", "48", "48", "1", at("map"));
    program.call(CONVERT_POINTER, "ConvertPointer, null", "0", NULL);
    program.put("pointer", "0").call(CONVERT_POINTER, "ConvertPointer, to null", "0", at("pointer"));
    program.call(CONVERT_POINTER, "ConvertPointer, to null and optional", "1", at("pointer"));
    program.put("pointer", at("pointer")).call(CONVERT_POINTER, "ConvertPointer, with boot services", "0", at("pointer"));
  }

  // ---- Variables

  private void get(String name, String variable, String vendor, long size) {
    program.put("size", Long.toString(size)).put("attributes", "0").put("read", "0").call(GET_VARIABLE, "GetVariable, " + name, at(
        variable), at(vendor), at("attributes"), at("size"), at("read")).show("size", "size", 0, 8).show("attributes", "attributes", 0, 4)
        .show("data", "read", 0, 8);
  }

  private void set(String name, String variable, String vendor, String attributes, long size) {
    program.call(SET_VARIABLE, "SetVariable, " + name, at(variable), at(vendor), attributes, Long.toString(size), at("data"));
  }

  private void own(String name, String attributes, long size) {
    set(name, "cow", "own", attributes, size);
  }

  private void getVariable() {
    own("a new one", KEPT, 4);
    program.put("size", "8");
    program.call(GET_VARIABLE, "GetVariable, name null", NULL, at("own"), NULL, at("size"), at("read"));
    program.call(GET_VARIABLE, "GetVariable, vendor null", at("cow"), NULL, NULL, at("size"), at("read"));
    program.call(GET_VARIABLE, "GetVariable, size null", at("cow"), at("own"), NULL, NULL, at("read"));
    program.call(GET_VARIABLE, "GetVariable, data null", at("cow"), at("own"), NULL, at("size"), NULL);
    program.put("size", "0").call(GET_VARIABLE, "GetVariable, data null and size 0", at("cow"), at("own"), NULL, at("size"), NULL).show(
        "size", "size", 0, 8);
    get("no such name", "none", "own", 8);
    get("another vendor", "cow", "global", 8);
    get("empty name", "empty", "own", 8);
    get("buffer too small", "cow", "own", 2);
    get("buffer as large", "cow", "own", 4);
    get("buffer larger", "cow", "own", 200);
  }

  private void next(String name, String size, String text) {
    program.put("size", size).text("name", text).put("vendor", OWN.toBytes()).call(GET_NEXT_VARIABLE_NAME, "GetNextVariableName, " + name,
        at("size"), at("name"), at("vendor"));
  }

  private void names() {
    program.put("size", "256").text("name", "").call(GET_NEXT_VARIABLE_NAME, "GetNextVariableName, size null", NULL, at("name"), at(
        "own"));
    program.call(GET_NEXT_VARIABLE_NAME, "GetNextVariableName, name null", at("size"), NULL, at("own"));
    program.call(GET_NEXT_VARIABLE_NAME, "GetNextVariableName, vendor null", at("size"), at("name"), NULL);
    next("size 0", "0", "");
    next("no NUL", "4", "Cow");
    next("too small", "2", "");
    next("the first", "256", "");
    next("no such name", "256", "None");
    program.names(GET_NEXT_VARIABLE_NAME, "GetNextVariableName");
  }

  private void setVariable() {
    program.call(SET_VARIABLE, "SetVariable, name null", NULL, at("own"), KEPT, "4", at("data"));
    program.call(SET_VARIABLE, "SetVariable, vendor null", at("cow"), NULL, KEPT, "4", at("data"));
    program.call(SET_VARIABLE, "SetVariable, data null", at("cow"), at("own"), KEPT, "4", NULL);
    set("empty name", "empty", "own", KEPT, 4);
    set("runtime access alone", "none", "own", "4", 4);
    set("runtime access alone, non-volatile", "none", "own", "5", 4);
    set("a reserved attribute", "none", "own", "0x107", 4);
    set("the highest attribute", "none", "own", "0x80000007", 4);
    set("too large", "none", "own", KEPT, 0x30000);
    set("size -1", "none", "own", KEPT, -1);
    own("other attributes", "6", 4);
    own("other attributes, size 0", "6", 0);
    own("other attributes, appending", "0x46", 4);
    own("appending", "0x47", 4);
    get("appended to", "cow", "own", 200);
    own("appending nothing", "0x47", 0);
    own("appending without access", "0x40", 4);
    get("appended to without access", "cow", "own", 200);
    own("rewriting", KEPT, 2);
    get("rewritten", "cow", "own", 200);
    own("size 0", KEPT, 0);
    get("deleted", "cow", "own", 200);
    own("size 0, none there", KEPT, 0);
    own("attributes 0, none there", "0", 4);
    own("appending, none there", "0x47", 4);
    own("attributes 0", "0", 4);
    own("appending nothing, none there", "0x47", 0);
    get("appended nothing to nothing", "cow", "own", 200);
    own("volatile", "6", 4);
    own("volatile, non-volatile alone", "1", 4);
    get("non-volatile alone", "cow", "own", 200);
    own("boot services alone", "2", 4);
    own("boot services alone, attributes 0 and size 0", "0", 0);
    own("non-volatile alone", "1", 4);
  }

  private void authenticated() {
    set("counted authentication", "none", "own", "0x17", 8);
    set("enhanced authentication", "none", "own", "0x87", 8);
    set("timed and counted authentication", "none", "own", "0x37", 8);
    set("timed and enhanced authentication", "none", "own", "0xa7", 8);
    set("timed authentication, no descriptor", "none", "own", "0x27", 8);
    set("timed authentication, size 0", "none", "own", "0x27", 0);
    descriptor("timed authentication, no signature", date(2031, 2, 3, 4, 5, 6), PKCS7);
    descriptor("timed authentication, a zone", more(0, -60, 0), PKCS7);
    descriptor("timed authentication, another certificate", date(2031, 2, 3, 4, 5, 6), OWN);
    set("error record of another vendor", "none", "own", "0xf", 4);
    program.text("record", "HwErrRec0001");
    set("error record", "record", "errors", "0xf", 4);
    set("error record, delete", "record", "errors", "0xf", 0);
    set("error record, volatile", "record", "errors", "0xe", 4);
    set("error record, another name", "none", "errors", "0xf", 4);
  }

  private void descriptor(String name, EfiTime time, EfiGuid type) {
    ByteBuffer bytes = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN).put(time.toBytes()).putInt(24).putShort((short) 0x200)
        .putShort((short) 0xEF1).put(type.toBytes());
    program.put("signed", bytes.array()).call(SET_VARIABLE, "SetVariable, " + name, at("none"), at("own"), "0x27", "48", at("signed"));
  }

  private void firmwaresVariables() {
    for (String name : new String[] {"SetupMode", "SecureBoot", "SignatureSupport", "VendorKeys", "PK"}) {
      program.text("theirs", name);
      get(name, "theirs", "global", name.startsWith("Sig") ? 0 : 8);
      set(name, "theirs", "global", "6", 1);
      set(name + ", attributes 0", "theirs", "global", "0", 0);
    }
    program.text("theirs", "BootNext");
    set("BootNext", "theirs", "global", KEPT, 2);
    get("BootNext", "theirs", "global", 8);
    set("BootNext, delete", "theirs", "global", KEPT, 0);
    set("BootNext, volatile", "theirs", "global", "6", 2);
    set("BootNext, attributes 0", "theirs", "global", "0", 0);
    set("a global name that there isn't", "none", "global", KEPT, 4);
    set("a global name that there isn't, delete", "none", "global", KEPT, 0);
  }

  private void space() {
    program.call(QUERY_VARIABLE_INFO, "QueryVariableInfo, maximum null", KEPT, NULL, at("left"), at("one"));
    program.call(QUERY_VARIABLE_INFO, "QueryVariableInfo, remaining null", KEPT, at("all"), NULL, at("one"));
    program.call(QUERY_VARIABLE_INFO, "QueryVariableInfo, one null", KEPT, at("all"), at("left"), NULL);
    for (int attributes : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xA, 0xB, 0xE, 0xF, 0x10, 0x17, 0x20, 0x27, 0x40, 0x47, 0x80, 0x87,
        0x100}) {
      program.call(QUERY_VARIABLE_INFO, "QueryVariableInfo, attributes " + Integer.toHexString(attributes).toUpperCase(
          java.util.Locale.ROOT), Integer.toString(attributes), at("all"), at("left"), at("one"));
    }
    program.call(QUERY_VARIABLE_INFO, "QueryVariableInfo, sizes of volatile ones", "6", at("all"), at("left"), at("one")).show("all", "all",
        0, 8).show("one", "one", 0, 8);
    program.call(QUERY_VARIABLE_INFO, "QueryVariableInfo, sizes of non-volatile ones", KEPT, at("all"), at("left"), at("one")).show("all",
        "all", 0, 8).show("one", "one", 0, 8);
  }

  // ---- Others

  private void capsule(String name, long flags) {
    ByteBuffer header = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN).put(OWN.toBytes()).putInt(28).putInt((int) flags).putInt(32);
    program.put("capsule", header.array()).put("capsules", at("capsule"));
    program.call(UPDATE_CAPSULE, "UpdateCapsule, " + name, at("capsules"), "1", NULL);
    program.call(QUERY_CAPSULE_CAPABILITIES, "QueryCapsuleCapabilities, " + name, at("capsules"), "1", at("most"), at("reset"));
  }

  private void others() {
    program.call(GET_NEXT_HIGH_MONOTONIC_COUNT, "GetNextHighMonotonicCount, null", NULL);
    program.put("count", "0").call(GET_NEXT_HIGH_MONOTONIC_COUNT, "GetNextHighMonotonicCount, the first", at("count")).show("count",
        "count", 0, 4);
    program.call(GET_NEXT_HIGH_MONOTONIC_COUNT, "GetNextHighMonotonicCount, the second", at("count")).show("count", "count", 0, 4);
    capsule("an unknown one", 0);
    capsule("an unknown one, kept over a reset", 0x10000);
    capsule("in the system table, not kept", 0x20000);
    capsule("initiating a reset, not kept", 0x40000);
    program.call(UPDATE_CAPSULE, "UpdateCapsule, none", at("capsules"), "0", NULL);
    program.call(QUERY_CAPSULE_CAPABILITIES, "QueryCapsuleCapabilities, none", at("capsules"), "0", at("most"), at("reset"));
    program.call(QUERY_CAPSULE_CAPABILITIES, "QueryCapsuleCapabilities, size null", at("capsules"), "1", NULL, at("reset"));
    program.call(QUERY_CAPSULE_CAPABILITIES, "QueryCapsuleCapabilities, reset null", at("capsules"), "1", at("most"), NULL);
  }

  private void afterBootServices() {
    program.text("boot", "Boot").text("run", "Run");
    own("for run time", KEPT, 4);
    set("for boot services", "boot", "own", "3", 4);
    set("for run time, volatile", "run", "own", "6", 4);
    program.exitBootServices();
    getTime("at run time");
    get("for run time", "cow", "own", 8);
    get("for boot services, at run time", "boot", "own", 8);
    get("for run time, volatile", "run", "own", 8);
    next("a boot services' name, at run time", "256", "Boot");
    own("rewriting, at run time", KEPT, 2);
    set("a boot services' one, at run time", "boot", "own", "3", 4);
    set("a boot services' one, attributes 0, at run time", "boot", "own", "0", 0);
    set("a volatile one, at run time", "run", "own", "6", 4);
    set("a new one for boot services, at run time", "none", "own", "3", 4);
    set("a new volatile one, at run time", "none", "own", "6", 4);
    set("a new one, at run time", "none", "own", KEPT, 4);
    set("delete, at run time", "none", "own", KEPT, 0);
    for (int attributes : new int[] {2, 3, 6, 7}) {
      program.call(QUERY_VARIABLE_INFO, "QueryVariableInfo, at run time, attributes " + attributes, Integer.toString(attributes), at("all"),
          at("left"), at("one"));
    }
    program.put("count", "0").call(GET_NEXT_HIGH_MONOTONIC_COUNT, "GetNextHighMonotonicCount, at run time", at("count")).show("count",
        "count", 0, 4);
    program.call(UPDATE_CAPSULE, "UpdateCapsule, none, at run time", at("capsules"), "0", NULL);
  }

  private void withMap() {
    program.call(SET_VIRTUAL_ADDRESS_MAP, "SetVirtualAddressMap, descriptor version 2", "48", "48", "2", at("map"));
    program.call(SET_VIRTUAL_ADDRESS_MAP, "SetVirtualAddressMap, small descriptors", "48", "16", "1", at("map"));
    program.setMap(SET_VIRTUAL_ADDRESS_MAP, "SetVirtualAddressMap");
    program.setMap(SET_VIRTUAL_ADDRESS_MAP, "SetVirtualAddressMap, again");
    program.call(CONVERT_POINTER, "ConvertPointer, null, with a map", "0", NULL);
    getTime("with a map");
    get("with a map", "cow", "own", 8);
    own("delete, with a map", KEPT, 0);
    program.put("count", "0").call(GET_NEXT_HIGH_MONOTONIC_COUNT, "GetNextHighMonotonicCount, with a map", at("count")).show("count",
        "count", 0, 4);
  }
}
