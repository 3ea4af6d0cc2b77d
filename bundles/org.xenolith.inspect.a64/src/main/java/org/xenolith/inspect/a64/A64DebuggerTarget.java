// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.a64;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.inspect.api.DebuggerFeature;
import org.xenolith.inspect.api.DebuggerRegister;
import org.xenolith.inspect.api.DebuggerTarget;

/** A64 as debuggers know it: {@code org.gnu.gdb.aarch64.core} and {@code .fpu} of the GDB manual, "AArch64 Features". */
final class A64DebuggerTarget {
  private static final String FLAGS = """
      <flags id="cpsr_flags" size="4">
        <field name="SP" start="0" end="0"/><field name="EL" start="2" end="3"/><field name="nRW" start="4" end="4"/>
        <field name="F" start="6" end="6"/><field name="I" start="7" end="7"/><field name="A" start="8" end="8"/>
        <field name="D" start="9" end="9"/><field name="BTYPE" start="10" end="11"/><field name="SSBS" start="12" end="12"/>
        <field name="IL" start="20" end="20"/><field name="SS" start="21" end="21"/><field name="PAN" start="22" end="22"/>
        <field name="UAO" start="23" end="23"/><field name="DIT" start="24" end="24"/><field name="TCO" start="25" end="25"/>
        <field name="V" start="28" end="28"/><field name="C" start="29" end="29"/><field name="Z" start="30" end="30"/>
        <field name="N" start="31" end="31"/>
      </flags>
      """;
  private static final String VECTORS = """
      <vector id="v2d" type="ieee_double" count="2"/><vector id="v2u" type="uint64" count="2"/>
      <vector id="v4f" type="ieee_single" count="4"/><vector id="v4u" type="uint32" count="4"/>
      <vector id="v8u" type="uint16" count="8"/><vector id="v16u" type="uint8" count="16"/>
      <union id="aarch64v">
        <field name="d" type="v2d"/><field name="du" type="v2u"/><field name="f" type="v4f"/><field name="su" type="v4u"/>
        <field name="hu" type="v8u"/><field name="bu" type="v16u"/><field name="q" type="uint128"/>
      </union>
      """;
  private static final String GENERAL = "general";
  private static final String FLOAT = "float";
  private static final DebuggerTarget TARGET = new DebuggerTarget("aarch64", "aarch64-unknown-none", 183, List.of(core(), fpu()));

  private A64DebuggerTarget() {}

  static DebuggerTarget target() {
    return TARGET;
  }

  private static DebuggerFeature core() {
    List<DebuggerRegister> registers = new ArrayList<>();
    for (int i = 0; i < 31; i++) {
      registers.add(new DebuggerRegister("x" + i, 64, "int", GENERAL, "X" + i));
    }
    registers.add(new DebuggerRegister("sp", 64, "data_ptr", GENERAL, "SP"));
    registers.add(new DebuggerRegister("pc", 64, "code_ptr", GENERAL, "PC"));
    registers.add(new DebuggerRegister("cpsr", 32, "cpsr_flags", GENERAL, "PSTATE"));
    return new DebuggerFeature("org.gnu.gdb.aarch64.core", FLAGS, registers);
  }

  private static DebuggerFeature fpu() {
    List<DebuggerRegister> registers = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      registers.add(new DebuggerRegister("v" + i, 128, "aarch64v", FLOAT, "V" + i));
    }
    registers.add(new DebuggerRegister("fpsr", 32, "int", FLOAT, "FPSR"));
    registers.add(new DebuggerRegister("fpcr", 32, "int", FLOAT, "FPCR"));
    return new DebuggerFeature("org.gnu.gdb.aarch64.fpu", VECTORS, registers);
  }
}
