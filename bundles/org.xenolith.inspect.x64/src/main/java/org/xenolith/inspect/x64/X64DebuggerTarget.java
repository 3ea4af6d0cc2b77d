// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.x64;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.xenolith.inspect.api.DebuggerFeature;
import org.xenolith.inspect.api.DebuggerRegister;
import org.xenolith.inspect.api.DebuggerTarget;

/** x86-64 as debuggers know it: {@code org.gnu.gdb.i386.core}, {@code .sse} and {@code .segments} of the GDB manual, "i386 Features". */
final class X64DebuggerTarget {
  private static final String FLAGS = """
      <flags id="i386_eflags" size="4">
        <field name="CF" start="0" end="0"/><field name="" start="1" end="1"/><field name="PF" start="2" end="2"/>
        <field name="AF" start="4" end="4"/><field name="ZF" start="6" end="6"/><field name="SF" start="7" end="7"/>
        <field name="TF" start="8" end="8"/><field name="IF" start="9" end="9"/><field name="DF" start="10" end="10"/>
        <field name="OF" start="11" end="11"/><field name="NT" start="14" end="14"/><field name="RF" start="16" end="16"/>
        <field name="VM" start="17" end="17"/><field name="AC" start="18" end="18"/><field name="VIF" start="19" end="19"/>
        <field name="VIP" start="20" end="20"/><field name="ID" start="21" end="21"/>
      </flags>
      """;
  private static final String VECTORS = """
      <vector id="v4f" type="ieee_single" count="4"/><vector id="v2d" type="ieee_double" count="2"/>
      <vector id="v16i8" type="int8" count="16"/><vector id="v8i16" type="int16" count="8"/>
      <vector id="v4i32" type="int32" count="4"/><vector id="v2i64" type="int64" count="2"/>
      <union id="vec128">
        <field name="v4_float" type="v4f"/><field name="v2_double" type="v2d"/><field name="v16_int8" type="v16i8"/>
        <field name="v8_int16" type="v8i16"/><field name="v4_int32" type="v4i32"/><field name="v2_int64" type="v2i64"/>
        <field name="uint128" type="uint128"/>
      </union>
      <flags id="i386_mxcsr" size="4">
        <field name="IE" start="0" end="0"/><field name="DE" start="1" end="1"/><field name="ZE" start="2" end="2"/>
        <field name="OE" start="3" end="3"/><field name="UE" start="4" end="4"/><field name="PE" start="5" end="5"/>
        <field name="DAZ" start="6" end="6"/><field name="IM" start="7" end="7"/><field name="DM" start="8" end="8"/>
        <field name="ZM" start="9" end="9"/><field name="OM" start="10" end="10"/><field name="UM" start="11" end="11"/>
        <field name="PM" start="12" end="12"/><field name="FZ" start="15" end="15"/>
      </flags>
      """;
  private static final String GENERAL = "general";
  private static final String FLOAT = "float";
  private static final List<String> INTEGERS = List.of("rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11",
      "r12",
      "r13", "r14", "r15");
  private static final DebuggerTarget TARGET = new DebuggerTarget("i386:x86-64", "x86_64-unknown-none", 62, List.of(core(), sse(),
      segments(), control()));

  private X64DebuggerTarget() {}

  static DebuggerTarget target() {
    return TARGET;
  }

  private static DebuggerFeature core() {
    List<DebuggerRegister> registers = new ArrayList<>();
    for (String name : INTEGERS) {
      String type = name.equals("rsp") || name.equals("rbp") ? "data_ptr" : "int64";
      registers.add(new DebuggerRegister(name, 64, type, GENERAL, name.toUpperCase(Locale.ROOT)));
    }
    registers.add(new DebuggerRegister("rip", 64, "code_ptr", GENERAL, "RIP"));
    registers.add(new DebuggerRegister("eflags", 32, "i386_eflags", GENERAL, "RFLAGS"));
    for (String name : List.of("cs", "ss", "ds", "es", "fs", "gs")) {
      registers.add(new DebuggerRegister(name, 32, "int32", GENERAL, name.toUpperCase(Locale.ROOT)));
    }
    for (int i = 0; i < 8; i++) {
      registers.add(new DebuggerRegister("st" + i, 80, "i387_ext", FLOAT, "ST" + i));
    }
    registers.add(x87("fctrl", "FCW", 0));
    registers.add(x87("fstat", "FSW", 0));
    registers.add(x87("ftag", "FTAG", 0));
    registers.add(x87("fiseg", "FIP", 32));
    registers.add(x87("fioff", "FIP", 0));
    registers.add(x87("foseg", "FDP", 32));
    registers.add(x87("fooff", "FDP", 0));
    registers.add(x87("fop", "FOP", 0));
    return new DebuggerFeature("org.gnu.gdb.i386.core", FLAGS, registers);
  }

  private static DebuggerRegister x87(String name, String of, int low) {
    return new DebuggerRegister(name, 32, "int", FLOAT, of, low);
  }

  /** By the names that QEMU and the assembler have; the manual's, with fields, are there besides. */
  private static DebuggerFeature control() {
    List<DebuggerRegister> registers = new ArrayList<>();
    for (String name : List.of("cr0", "cr2", "cr3", "cr4")) {
      registers.add(new DebuggerRegister(name, 64, "int64", "control", name.toUpperCase(Locale.ROOT)));
    }
    registers.add(new DebuggerRegister("efer", 64, "int64", "control", "IA32_EFER"));
    return new DebuggerFeature("org.xenolith.control", "", registers);
  }

  private static DebuggerFeature sse() {
    List<DebuggerRegister> registers = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      registers.add(new DebuggerRegister("xmm" + i, 128, "vec128", "vector", "XMM" + i));
    }
    registers.add(new DebuggerRegister("mxcsr", 32, "i386_mxcsr", "vector", "MXCSR"));
    return new DebuggerFeature("org.gnu.gdb.i386.sse", VECTORS, registers);
  }

  private static DebuggerFeature segments() {
    return new DebuggerFeature("org.gnu.gdb.i386.segments", "", List.of(new DebuggerRegister("fs_base", 64, "int", GENERAL, "FS_BASE"),
        new DebuggerRegister("gs_base", 64, "int", GENERAL, "GS_BASE")));
  }
}
