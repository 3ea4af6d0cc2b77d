// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.isa;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The forms of the x86-64 instructions, one constant each. Operand size, address size and REX.W stay fields of one form where the
 * meaning is the same. Columns of the table:
 * <ul>
 * <li>encoding: a mandatory prefix ({@code np} none of 66 F3 F2, {@code of} none of F3 F2, {@code 66 f3 f2}; without one, whatever
 * slots no other form takes), opcode bytes ({@code +r}: the low three bits are a register), then {@code /r} for ModRM, {@code /c} for
 * ModRM whose mod is ignored, {@code /0} to {@code /7} for ModRM with that reg field, followed by {@code m} for memory only or
 * {@code r} for registers only, or a whole ModRM byte ({@code +i}: rm is an x87 register);
 * <li>mnemonic (or three, for 16, 32 and 64 bits; or two) and operands in the notation of the SDM, vol. 2D appendix A.2: marked
 * {@code =} written, {@code +} read and written, {@code -} neither, else read; immediates follow the operands' order;
 * <li>flags: {@code t} read, {@code w} written, {@code u} of those undefined, {@code c} of those cleared, {@code s} of those set, by
 * the letters O S Z A P C D I T N; x87 condition codes C0 to C3 by digit: {@code k} written, {@code q} undefined, {@code z} cleared;
 * <li>traits ({@link Trait}), implicit registers read ({@code <}) and written ({@code >}), feature ({@code @}).
 * </ul>
 * Source: Intel SDM vol. 2A to 2D, the instructions' pages and appendices A and B.
 */
public enum Insn {
  // Arithmetic and logic, SDM vol. 2A and 2B
  ADD_EB_GB("00 /r", "add +Eb,Gb", "wOSZAPC", "lock"),
  ADD_EV_GV("01 /r", "add +Ev,Gv", "wOSZAPC", "lock"),
  ADD_GB_EB("02 /r", "add +Gb,Eb", "wOSZAPC", ""),
  ADD_GV_EV("03 /r", "add +Gv,Ev", "wOSZAPC", ""),
  ADD_AL_IB("04", "add +AL,Ib", "wOSZAPC", ""),
  ADD_RAX_IZ("05", "add +rAX,Iz", "wOSZAPC", ""),
  ADD_EB_IB("80 /0", "add +Eb,Ib", "wOSZAPC", "lock"),
  ADD_EV_IZ("81 /0", "add +Ev,Iz", "wOSZAPC", "lock"),
  ADD_EB_IB_82_0("82 /0", "add +Eb,Ib", "wOSZAPC", "lock i64"),
  ADD_EV_IBS("83 /0", "add +Ev,Ibs", "wOSZAPC", "lock"),
  OR_EB_GB("08 /r", "or +Eb,Gb", "wOSZAPC cOC uA", "lock"),
  OR_EV_GV("09 /r", "or +Ev,Gv", "wOSZAPC cOC uA", "lock"),
  OR_GB_EB("0a /r", "or +Gb,Eb", "wOSZAPC cOC uA", ""),
  OR_GV_EV("0b /r", "or +Gv,Ev", "wOSZAPC cOC uA", ""),
  OR_AL_IB("0c", "or +AL,Ib", "wOSZAPC cOC uA", ""),
  OR_RAX_IZ("0d", "or +rAX,Iz", "wOSZAPC cOC uA", ""),
  OR_EB_IB("80 /1", "or +Eb,Ib", "wOSZAPC cOC uA", "lock"),
  OR_EV_IZ("81 /1", "or +Ev,Iz", "wOSZAPC cOC uA", "lock"),
  OR_EB_IB_82_1("82 /1", "or +Eb,Ib", "wOSZAPC cOC uA", "lock i64"),
  OR_EV_IBS("83 /1", "or +Ev,Ibs", "wOSZAPC cOC uA", "lock"),
  ADC_EB_GB("10 /r", "adc +Eb,Gb", "tC wOSZAPC", "lock"),
  ADC_EV_GV("11 /r", "adc +Ev,Gv", "tC wOSZAPC", "lock"),
  ADC_GB_EB("12 /r", "adc +Gb,Eb", "tC wOSZAPC", ""),
  ADC_GV_EV("13 /r", "adc +Gv,Ev", "tC wOSZAPC", ""),
  ADC_AL_IB("14", "adc +AL,Ib", "tC wOSZAPC", ""),
  ADC_RAX_IZ("15", "adc +rAX,Iz", "tC wOSZAPC", ""),
  ADC_EB_IB("80 /2", "adc +Eb,Ib", "tC wOSZAPC", "lock"),
  ADC_EV_IZ("81 /2", "adc +Ev,Iz", "tC wOSZAPC", "lock"),
  ADC_EB_IB_82_2("82 /2", "adc +Eb,Ib", "tC wOSZAPC", "lock i64"),
  ADC_EV_IBS("83 /2", "adc +Ev,Ibs", "tC wOSZAPC", "lock"),
  SBB_EB_GB("18 /r", "sbb +Eb,Gb", "tC wOSZAPC", "lock"),
  SBB_EV_GV("19 /r", "sbb +Ev,Gv", "tC wOSZAPC", "lock"),
  SBB_GB_EB("1a /r", "sbb +Gb,Eb", "tC wOSZAPC", ""),
  SBB_GV_EV("1b /r", "sbb +Gv,Ev", "tC wOSZAPC", ""),
  SBB_AL_IB("1c", "sbb +AL,Ib", "tC wOSZAPC", ""),
  SBB_RAX_IZ("1d", "sbb +rAX,Iz", "tC wOSZAPC", ""),
  SBB_EB_IB("80 /3", "sbb +Eb,Ib", "tC wOSZAPC", "lock"),
  SBB_EV_IZ("81 /3", "sbb +Ev,Iz", "tC wOSZAPC", "lock"),
  SBB_EB_IB_82_3("82 /3", "sbb +Eb,Ib", "tC wOSZAPC", "lock i64"),
  SBB_EV_IBS("83 /3", "sbb +Ev,Ibs", "tC wOSZAPC", "lock"),
  AND_EB_GB("20 /r", "and +Eb,Gb", "wOSZAPC cOC uA", "lock"),
  AND_EV_GV("21 /r", "and +Ev,Gv", "wOSZAPC cOC uA", "lock"),
  AND_GB_EB("22 /r", "and +Gb,Eb", "wOSZAPC cOC uA", ""),
  AND_GV_EV("23 /r", "and +Gv,Ev", "wOSZAPC cOC uA", ""),
  AND_AL_IB("24", "and +AL,Ib", "wOSZAPC cOC uA", ""),
  AND_RAX_IZ("25", "and +rAX,Iz", "wOSZAPC cOC uA", ""),
  AND_EB_IB("80 /4", "and +Eb,Ib", "wOSZAPC cOC uA", "lock"),
  AND_EV_IZ("81 /4", "and +Ev,Iz", "wOSZAPC cOC uA", "lock"),
  AND_EB_IB_82_4("82 /4", "and +Eb,Ib", "wOSZAPC cOC uA", "lock i64"),
  AND_EV_IBS("83 /4", "and +Ev,Ibs", "wOSZAPC cOC uA", "lock"),
  SUB_EB_GB("28 /r", "sub +Eb,Gb", "wOSZAPC", "lock"),
  SUB_EV_GV("29 /r", "sub +Ev,Gv", "wOSZAPC", "lock"),
  SUB_GB_EB("2a /r", "sub +Gb,Eb", "wOSZAPC", ""),
  SUB_GV_EV("2b /r", "sub +Gv,Ev", "wOSZAPC", ""),
  SUB_AL_IB("2c", "sub +AL,Ib", "wOSZAPC", ""),
  SUB_RAX_IZ("2d", "sub +rAX,Iz", "wOSZAPC", ""),
  SUB_EB_IB("80 /5", "sub +Eb,Ib", "wOSZAPC", "lock"),
  SUB_EV_IZ("81 /5", "sub +Ev,Iz", "wOSZAPC", "lock"),
  SUB_EB_IB_82_5("82 /5", "sub +Eb,Ib", "wOSZAPC", "lock i64"),
  SUB_EV_IBS("83 /5", "sub +Ev,Ibs", "wOSZAPC", "lock"),
  XOR_EB_GB("30 /r", "xor +Eb,Gb", "wOSZAPC cOC uA", "lock"),
  XOR_EV_GV("31 /r", "xor +Ev,Gv", "wOSZAPC cOC uA", "lock"),
  XOR_GB_EB("32 /r", "xor +Gb,Eb", "wOSZAPC cOC uA", ""),
  XOR_GV_EV("33 /r", "xor +Gv,Ev", "wOSZAPC cOC uA", ""),
  XOR_AL_IB("34", "xor +AL,Ib", "wOSZAPC cOC uA", ""),
  XOR_RAX_IZ("35", "xor +rAX,Iz", "wOSZAPC cOC uA", ""),
  XOR_EB_IB("80 /6", "xor +Eb,Ib", "wOSZAPC cOC uA", "lock"),
  XOR_EV_IZ("81 /6", "xor +Ev,Iz", "wOSZAPC cOC uA", "lock"),
  XOR_EB_IB_82_6("82 /6", "xor +Eb,Ib", "wOSZAPC cOC uA", "lock i64"),
  XOR_EV_IBS("83 /6", "xor +Ev,Ibs", "wOSZAPC cOC uA", "lock"),
  CMP_EB_GB("38 /r", "cmp Eb,Gb", "wOSZAPC", ""),
  CMP_EV_GV("39 /r", "cmp Ev,Gv", "wOSZAPC", ""),
  CMP_GB_EB("3a /r", "cmp Gb,Eb", "wOSZAPC", ""),
  CMP_GV_EV("3b /r", "cmp Gv,Ev", "wOSZAPC", ""),
  CMP_AL_IB("3c", "cmp AL,Ib", "wOSZAPC", ""),
  CMP_RAX_IZ("3d", "cmp rAX,Iz", "wOSZAPC", ""),
  CMP_EB_IB("80 /7", "cmp Eb,Ib", "wOSZAPC", ""),
  CMP_EV_IZ("81 /7", "cmp Ev,Iz", "wOSZAPC", ""),
  CMP_EB_IB_82_7("82 /7", "cmp Eb,Ib", "wOSZAPC", "i64"),
  CMP_EV_IBS("83 /7", "cmp Ev,Ibs", "wOSZAPC", ""),
  DAA("27", "daa", "tAC wOSZAPC uO", "i64 <AX >AX"),
  DAS("2f", "das", "tAC wOSZAPC uO", "i64 <AX >AX"),
  AAA("37", "aaa", "tA wOSZAPC uOSZP", "i64 <AX >AX"),
  AAS("3f", "aas", "tA wOSZAPC uOSZP", "i64 <AX >AX"),
  AAM_IB("d4", "aam Ib", "wOSZAPC uOAC", "i64 <AX >AX"),
  AAD_IB("d5", "aad Ib", "wOSZAPC uOAC", "i64 <AX >AX"),
  INC_ZV("40+r", "inc +Zv", "wOSZAP", "i64"),
  DEC_ZV("48+r", "dec +Zv", "wOSZAP", "i64"),
  INC_EB("fe /0", "inc +Eb", "wOSZAP", "lock"),
  DEC_EB("fe /1", "dec +Eb", "wOSZAP", "lock"),
  INC_EV("ff /0", "inc +Ev", "wOSZAP", "lock"),
  DEC_EV("ff /1", "dec +Ev", "wOSZAP", "lock"),
  TEST_EB_GB("84 /r", "test Eb,Gb", "wOSZAPC cOC uA", ""),
  TEST_EV_GV("85 /r", "test Ev,Gv", "wOSZAPC cOC uA", ""),
  TEST_AL_IB("a8", "test AL,Ib", "wOSZAPC cOC uA", ""),
  TEST_RAX_IZ("a9", "test rAX,Iz", "wOSZAPC cOC uA", ""),
  TEST_EB_IB("f6 /0", "test Eb,Ib", "wOSZAPC cOC uA", ""),
  TEST_EV_IZ("f7 /0", "test Ev,Iz", "wOSZAPC cOC uA", ""),
  TEST_EB_IB_F6_1("f6 /1", "test Eb,Ib", "wOSZAPC cOC uA", ""),
  TEST_EV_IZ_F7_1("f7 /1", "test Ev,Iz", "wOSZAPC cOC uA", ""),
  NOT_EB("f6 /2", "not +Eb", "", "lock"),
  NOT_EV("f7 /2", "not +Ev", "", "lock"),
  NEG_EB("f6 /3", "neg +Eb", "wOSZAPC", "lock"),
  NEG_EV("f7 /3", "neg +Ev", "wOSZAPC", "lock"),
  MUL_EB("f6 /4", "mul Eb", "wOSZAPC uSZAP", "<AX >AX"),
  MUL_EV("f7 /4", "mul Ev", "wOSZAPC uSZAP", "<AX >AX,DX"),
  IMUL_EB("f6 /5", "imul Eb", "wOSZAPC uSZAP", "<AX >AX"),
  IMUL_EV("f7 /5", "imul Ev", "wOSZAPC uSZAP", "<AX >AX,DX"),
  DIV_EB("f6 /6", "div Eb", "wOSZAPC uOSZAPC", "<AX >AX"),
  DIV_EV("f7 /6", "div Ev", "wOSZAPC uOSZAPC", "<AX,DX >AX,DX"),
  IDIV_EB("f6 /7", "idiv Eb", "wOSZAPC uOSZAPC", "<AX >AX"),
  IDIV_EV("f7 /7", "idiv Ev", "wOSZAPC uOSZAPC", "<AX,DX >AX,DX"),
  IMUL_GV_EV_IZ("69 /r", "imul =Gv,Ev,Iz", "wOSZAPC uSZAP", ""),
  IMUL_GV_EV_IBS("6b /r", "imul =Gv,Ev,Ibs", "wOSZAPC uSZAP", ""),
  IMUL_GV_EV("0f af /r", "imul +Gv,Ev", "wOSZAPC uSZAP", ""),
  CBW("98", "cbw|cwde|cdqe", "", "<AX >AX"),
  CWD("99", "cwd|cdq|cqo", "", "<AX >DX"),
  CMPXCHG_EB_GB("0f b0 /r", "cmpxchg +Eb,Gb", "wOSZAPC", "lock <AX >AX"),
  CMPXCHG_EV_GV("0f b1 /r", "cmpxchg +Ev,Gv", "wOSZAPC", "lock <AX >AX"),
  CMPXCHG8B_MX("0f c7 /1m", "cmpxchg8b|cmpxchg8b|cmpxchg16b +Mx", "wZ", "lock <AX,BX,CX,DX >AX,DX"),
  XADD_EB_GB("0f c0 /r", "xadd +Eb,+Gb", "wOSZAPC", "lock"),
  XADD_EV_GV("0f c1 /r", "xadd +Ev,+Gv", "wOSZAPC", "lock"),
  XCHG_EB_GB("86 /r", "xchg +Eb,+Gb", "", "lock"),
  XCHG_EV_GV("87 /r", "xchg +Ev,+Gv", "", "lock"),
  XCHG_ZV_RAX("90+r", "xchg +Zv,+rAX", "", ""),
  NOP("90", "nop", "", ""),
  PAUSE("f3 90", "pause", "", ""),
  ROL_EB_IB("c0 /0", "rol +Eb,Ib", "wOC", "shift"),
  ROL_EV_IB("c1 /0", "rol +Ev,Ib", "wOC", "shift"),
  ROL_EB_1("d0 /0", "rol +Eb,1", "wOC", "shift"),
  ROL_EV_1("d1 /0", "rol +Ev,1", "wOC", "shift"),
  ROL_EB_CL("d2 /0", "rol +Eb,CL", "wOC", "shift <CX"),
  ROL_EV_CL("d3 /0", "rol +Ev,CL", "wOC", "shift <CX"),
  ROR_EB_IB("c0 /1", "ror +Eb,Ib", "wOC", "shift"),
  ROR_EV_IB("c1 /1", "ror +Ev,Ib", "wOC", "shift"),
  ROR_EB_1("d0 /1", "ror +Eb,1", "wOC", "shift"),
  ROR_EV_1("d1 /1", "ror +Ev,1", "wOC", "shift"),
  ROR_EB_CL("d2 /1", "ror +Eb,CL", "wOC", "shift <CX"),
  ROR_EV_CL("d3 /1", "ror +Ev,CL", "wOC", "shift <CX"),
  RCL_EB_IB("c0 /2", "rcl +Eb,Ib", "tC wOC", "shift"),
  RCL_EV_IB("c1 /2", "rcl +Ev,Ib", "tC wOC", "shift"),
  RCL_EB_1("d0 /2", "rcl +Eb,1", "tC wOC", "shift"),
  RCL_EV_1("d1 /2", "rcl +Ev,1", "tC wOC", "shift"),
  RCL_EB_CL("d2 /2", "rcl +Eb,CL", "tC wOC", "shift <CX"),
  RCL_EV_CL("d3 /2", "rcl +Ev,CL", "tC wOC", "shift <CX"),
  RCR_EB_IB("c0 /3", "rcr +Eb,Ib", "tC wOC", "shift"),
  RCR_EV_IB("c1 /3", "rcr +Ev,Ib", "tC wOC", "shift"),
  RCR_EB_1("d0 /3", "rcr +Eb,1", "tC wOC", "shift"),
  RCR_EV_1("d1 /3", "rcr +Ev,1", "tC wOC", "shift"),
  RCR_EB_CL("d2 /3", "rcr +Eb,CL", "tC wOC", "shift <CX"),
  RCR_EV_CL("d3 /3", "rcr +Ev,CL", "tC wOC", "shift <CX"),
  SHL_EB_IB("c0 /4", "shl +Eb,Ib", "wOSZAPC uA", "shift"),
  SHL_EV_IB("c1 /4", "shl +Ev,Ib", "wOSZAPC uA", "shift"),
  SHL_EB_1("d0 /4", "shl +Eb,1", "wOSZAPC uA", "shift"),
  SHL_EV_1("d1 /4", "shl +Ev,1", "wOSZAPC uA", "shift"),
  SHL_EB_CL("d2 /4", "shl +Eb,CL", "wOSZAPC uA", "shift <CX"),
  SHL_EV_CL("d3 /4", "shl +Ev,CL", "wOSZAPC uA", "shift <CX"),
  SHR_EB_IB("c0 /5", "shr +Eb,Ib", "wOSZAPC uA", "shift"),
  SHR_EV_IB("c1 /5", "shr +Ev,Ib", "wOSZAPC uA", "shift"),
  SHR_EB_1("d0 /5", "shr +Eb,1", "wOSZAPC uA", "shift"),
  SHR_EV_1("d1 /5", "shr +Ev,1", "wOSZAPC uA", "shift"),
  SHR_EB_CL("d2 /5", "shr +Eb,CL", "wOSZAPC uA", "shift <CX"),
  SHR_EV_CL("d3 /5", "shr +Ev,CL", "wOSZAPC uA", "shift <CX"),
  SHL_EB_IB_C0_6("c0 /6", "shl +Eb,Ib", "wOSZAPC uA", "shift"),
  SHL_EV_IB_C1_6("c1 /6", "shl +Ev,Ib", "wOSZAPC uA", "shift"),
  SHL_EB_1_D0_6("d0 /6", "shl +Eb,1", "wOSZAPC uA", "shift"),
  SHL_EV_1_D1_6("d1 /6", "shl +Ev,1", "wOSZAPC uA", "shift"),
  SHL_EB_CL_D2_6("d2 /6", "shl +Eb,CL", "wOSZAPC uA", "shift <CX"),
  SHL_EV_CL_D3_6("d3 /6", "shl +Ev,CL", "wOSZAPC uA", "shift <CX"),
  SAR_EB_IB("c0 /7", "sar +Eb,Ib", "wOSZAPC uA", "shift"),
  SAR_EV_IB("c1 /7", "sar +Ev,Ib", "wOSZAPC uA", "shift"),
  SAR_EB_1("d0 /7", "sar +Eb,1", "wOSZAPC uA", "shift"),
  SAR_EV_1("d1 /7", "sar +Ev,1", "wOSZAPC uA", "shift"),
  SAR_EB_CL("d2 /7", "sar +Eb,CL", "wOSZAPC uA", "shift <CX"),
  SAR_EV_CL("d3 /7", "sar +Ev,CL", "wOSZAPC uA", "shift <CX"),
  SHLD_EV_GV_IB("0f a4 /r", "shld +Ev,Gv,Ib", "wOSZAPC uA", "shift"),
  SHLD_EV_GV_CL("0f a5 /r", "shld +Ev,Gv,CL", "wOSZAPC uA", "shift <CX"),
  SHRD_EV_GV_IB("0f ac /r", "shrd +Ev,Gv,Ib", "wOSZAPC uA", "shift"),
  SHRD_EV_GV_CL("0f ad /r", "shrd +Ev,Gv,CL", "wOSZAPC uA", "shift <CX"),
  BT_EV_GV("0f a3 /r", "bt Ev,Gv", "wOSZAPC uOSAP", "bitstring"),
  BT_EV_IB("0f ba /4", "bt Ev,Ib", "wOSZAPC uOSAP", ""),
  BTS_EV_GV("0f ab /r", "bts +Ev,Gv", "wOSZAPC uOSAP", "lock bitstring"),
  BTS_EV_IB("0f ba /5", "bts +Ev,Ib", "wOSZAPC uOSAP", "lock"),
  BTR_EV_GV("0f b3 /r", "btr +Ev,Gv", "wOSZAPC uOSAP", "lock bitstring"),
  BTR_EV_IB("0f ba /6", "btr +Ev,Ib", "wOSZAPC uOSAP", "lock"),
  BTC_EV_GV("0f bb /r", "btc +Ev,Gv", "wOSZAPC uOSAP", "lock bitstring"),
  BTC_EV_IB("0f ba /7", "btc +Ev,Ib", "wOSZAPC uOSAP", "lock"),
  BSF_GV_EV("0f bc /r", "bsf +Gv,Ev", "wOSZAPC uOSAPC", ""),
  BSR_GV_EV("0f bd /r", "bsr +Gv,Ev", "wOSZAPC uOSAPC", ""),
  TZCNT_GV_EV("f3 0f bc /r", "tzcnt =Gv,Ev", "wOSZAPC uOSAP", "@BMI1"),
  LZCNT_GV_EV("f3 0f bd /r", "lzcnt =Gv,Ev", "wOSZAPC uOSAP", "@LZCNT"),
  POPCNT_GV_EV("f3 0f b8 /r", "popcnt =Gv,Ev", "wOSZAPC cOSAPC", "@POPCNT"),
  MOVBE_GV_MV("of 0f 38 f0 /r", "movbe =Gv,Mv", "", "@MOVBE"),
  MOVBE_MV_GV("of 0f 38 f1 /r", "movbe =Mv,Gv", "", "@MOVBE"),
  CRC32_GY_EB("f2 0f 38 f0 /r", "crc32 +Gy,Eb", "", "@SSE4_2"),
  CRC32_GY_EV("f2 0f 38 f1 /r", "crc32 +Gy,Ev", "", "@SSE4_2"),
  ADCX_GY_EY("66 0f 38 f6 /r", "adcx +Gy,Ey", "tC wC", "@ADX"),
  ADOX_GY_EY("f3 0f 38 f6 /r", "adox +Gy,Ey", "tO wO", "@ADX"),
  RDRAND_RV("of 0f c7 /6r", "rdrand =Rv", "wOSZAPC cOSZAP", "@RDRAND"),
  RDSEED_RV("of 0f c7 /7r", "rdseed =Rv", "wOSZAPC cOSZAP", "@RDSEED"),
  // Moves
  MOV_EB_GB("88 /r", "mov =Eb,Gb", "", ""),
  MOV_EV_GV("89 /r", "mov =Ev,Gv", "", ""),
  MOV_GB_EB("8a /r", "mov =Gb,Eb", "", ""),
  MOV_GV_EV("8b /r", "mov =Gv,Ev", "", ""),
  MOV_EVW_SW("8c /r", "mov =Evw,Sw", "", "sreg"),
  MOV_SW_EVW("8e /r", "mov =Sw,Evw", "", "sregw"),
  MOV_AL_OB("a0", "mov =AL,Ob", "", ""),
  MOV_RAX_OV("a1", "mov =rAX,Ov", "", ""),
  MOV_OB_AL("a2", "mov =Ob,AL", "", ""),
  MOV_OV_RAX("a3", "mov =Ov,rAX", "", ""),
  MOV_ZB_IB("b0+r", "mov =Zb,Ib", "", ""),
  MOV_ZV_IV("b8+r", "mov =Zv,Iv", "", ""),
  MOV_EB_IB("c6 /0", "mov =Eb,Ib", "", ""),
  MOV_EV_IZ("c7 /0", "mov =Ev,Iz", "", ""),
  MOVZX_GV_EB("0f b6 /r", "movzx =Gv,Eb", "", ""),
  MOVZX_GV_EW("0f b7 /r", "movzx =Gv,Ew", "", ""),
  MOVSX_GV_EB("0f be /r", "movsx =Gv,Eb", "", ""),
  MOVSX_GV_EW("0f bf /r", "movsx =Gv,Ew", "", ""),
  MOVSXD_GV_ED("63 /r", "movsxd =Gv,Ed", "", "o64"),
  ARPL_EW_GW("63 /r", "arpl +Ew,Gw", "wZ", "i64 prot"),
  BSWAP_ZV("0f c8+r", "bswap +Zv", "", ""),
  LEA_GV_MN("8d /r", "lea =Gv,-Mn", "", ""),
  XLAT("d7", "xlat", "", "<AX,BX >AX rm"),
  LES_GZ_MP("c4 /rm", "les =Gz,Mp", "", "i64 seg"),
  LDS_GZ_MP("c5 /rm", "lds =Gz,Mp", "", "i64 seg"),
  LSS_GV_MP("0f b2 /rm", "lss =Gv,Mp", "", "seg"),
  LFS_GV_MP("0f b4 /rm", "lfs =Gv,Mp", "", "seg"),
  LGS_GV_MP("0f b5 /rm", "lgs =Gv,Mp", "", "seg"),
  BOUND_GV_MA("62 /rm", "bound Gv,Ma", "", "i64"),
  JO_JB("70", "jo Jb", "tO", "branch f64"),
  JO_JZ("0f 80", "jo Jz", "tO", "branch f64"),
  SETO_EB("0f 90 /r", "seto =Eb", "tO", ""),
  CMOVO_GV_EV("0f 40 /r", "cmovo +Gv,Ev", "tO", ""),
  JNO_JB("71", "jno Jb", "tO", "branch f64"),
  JNO_JZ("0f 81", "jno Jz", "tO", "branch f64"),
  SETNO_EB("0f 91 /r", "setno =Eb", "tO", ""),
  CMOVNO_GV_EV("0f 41 /r", "cmovno +Gv,Ev", "tO", ""),
  JB_JB("72", "jb Jb", "tC", "branch f64"),
  JB_JZ("0f 82", "jb Jz", "tC", "branch f64"),
  SETB_EB("0f 92 /r", "setb =Eb", "tC", ""),
  CMOVB_GV_EV("0f 42 /r", "cmovb +Gv,Ev", "tC", ""),
  JAE_JB("73", "jae Jb", "tC", "branch f64"),
  JAE_JZ("0f 83", "jae Jz", "tC", "branch f64"),
  SETAE_EB("0f 93 /r", "setae =Eb", "tC", ""),
  CMOVAE_GV_EV("0f 43 /r", "cmovae +Gv,Ev", "tC", ""),
  JE_JB("74", "je Jb", "tZ", "branch f64"),
  JE_JZ("0f 84", "je Jz", "tZ", "branch f64"),
  SETE_EB("0f 94 /r", "sete =Eb", "tZ", ""),
  CMOVE_GV_EV("0f 44 /r", "cmove +Gv,Ev", "tZ", ""),
  JNE_JB("75", "jne Jb", "tZ", "branch f64"),
  JNE_JZ("0f 85", "jne Jz", "tZ", "branch f64"),
  SETNE_EB("0f 95 /r", "setne =Eb", "tZ", ""),
  CMOVNE_GV_EV("0f 45 /r", "cmovne +Gv,Ev", "tZ", ""),
  JBE_JB("76", "jbe Jb", "tCZ", "branch f64"),
  JBE_JZ("0f 86", "jbe Jz", "tCZ", "branch f64"),
  SETBE_EB("0f 96 /r", "setbe =Eb", "tCZ", ""),
  CMOVBE_GV_EV("0f 46 /r", "cmovbe +Gv,Ev", "tCZ", ""),
  JA_JB("77", "ja Jb", "tCZ", "branch f64"),
  JA_JZ("0f 87", "ja Jz", "tCZ", "branch f64"),
  SETA_EB("0f 97 /r", "seta =Eb", "tCZ", ""),
  CMOVA_GV_EV("0f 47 /r", "cmova +Gv,Ev", "tCZ", ""),
  JS_JB("78", "js Jb", "tS", "branch f64"),
  JS_JZ("0f 88", "js Jz", "tS", "branch f64"),
  SETS_EB("0f 98 /r", "sets =Eb", "tS", ""),
  CMOVS_GV_EV("0f 48 /r", "cmovs +Gv,Ev", "tS", ""),
  JNS_JB("79", "jns Jb", "tS", "branch f64"),
  JNS_JZ("0f 89", "jns Jz", "tS", "branch f64"),
  SETNS_EB("0f 99 /r", "setns =Eb", "tS", ""),
  CMOVNS_GV_EV("0f 49 /r", "cmovns +Gv,Ev", "tS", ""),
  JP_JB("7a", "jp Jb", "tP", "branch f64"),
  JP_JZ("0f 8a", "jp Jz", "tP", "branch f64"),
  SETP_EB("0f 9a /r", "setp =Eb", "tP", ""),
  CMOVP_GV_EV("0f 4a /r", "cmovp +Gv,Ev", "tP", ""),
  JNP_JB("7b", "jnp Jb", "tP", "branch f64"),
  JNP_JZ("0f 8b", "jnp Jz", "tP", "branch f64"),
  SETNP_EB("0f 9b /r", "setnp =Eb", "tP", ""),
  CMOVNP_GV_EV("0f 4b /r", "cmovnp +Gv,Ev", "tP", ""),
  JL_JB("7c", "jl Jb", "tSO", "branch f64"),
  JL_JZ("0f 8c", "jl Jz", "tSO", "branch f64"),
  SETL_EB("0f 9c /r", "setl =Eb", "tSO", ""),
  CMOVL_GV_EV("0f 4c /r", "cmovl +Gv,Ev", "tSO", ""),
  JGE_JB("7d", "jge Jb", "tSO", "branch f64"),
  JGE_JZ("0f 8d", "jge Jz", "tSO", "branch f64"),
  SETGE_EB("0f 9d /r", "setge =Eb", "tSO", ""),
  CMOVGE_GV_EV("0f 4d /r", "cmovge +Gv,Ev", "tSO", ""),
  JLE_JB("7e", "jle Jb", "tZSO", "branch f64"),
  JLE_JZ("0f 8e", "jle Jz", "tZSO", "branch f64"),
  SETLE_EB("0f 9e /r", "setle =Eb", "tZSO", ""),
  CMOVLE_GV_EV("0f 4e /r", "cmovle +Gv,Ev", "tZSO", ""),
  JG_JB("7f", "jg Jb", "tZSO", "branch f64"),
  JG_JZ("0f 8f", "jg Jz", "tZSO", "branch f64"),
  SETG_EB("0f 9f /r", "setg =Eb", "tZSO", ""),
  CMOVG_GV_EV("0f 4f /r", "cmovg +Gv,Ev", "tZSO", ""),
  // Stack and control transfer
  PUSH_ZV("50+r", "push Zv", "", "d64 <SP >SP wm"),
  POP_ZV("58+r", "pop =Zv", "", "d64 <SP >SP rm"),
  PUSH_IZ("68", "push Iz", "", "d64 <SP >SP wm"),
  PUSH_IBS("6a", "push Ibs", "", "d64 <SP >SP wm"),
  PUSH_EV("ff /6", "push Ev", "", "d64 <SP >SP wm"),
  POP_EV("8f /0", "pop =Ev", "", "d64 <SP >SP rm"),
  PUSH_ES("06", "push ES", "", "d64 <SP >SP i64 wm"),
  PUSH_CS("0e", "push CS", "", "d64 <SP >SP i64 wm"),
  PUSH_SS("16", "push SS", "", "d64 <SP >SP i64 wm"),
  PUSH_DS("1e", "push DS", "", "d64 <SP >SP i64 wm"),
  POP_ES("07", "pop =ES", "", "d64 <SP >SP i64 rm seg"),
  POP_SS("17", "pop =SS", "", "d64 <SP >SP i64 rm seg"),
  POP_DS("1f", "pop =DS", "", "d64 <SP >SP i64 rm seg"),
  PUSH_FS("0f a0", "push FS", "", "d64 <SP >SP wm"),
  POP_FS("0f a1", "pop =FS", "", "d64 <SP >SP rm seg"),
  PUSH_GS("0f a8", "push GS", "", "d64 <SP >SP wm"),
  POP_GS("0f a9", "pop =GS", "", "d64 <SP >SP rm seg"),
  PUSHA("60", "pusha|pushad", "", "i64 <AX,CX,DX,BX,SP,BP,SI,DI >SP wm"),
  POPA("61", "popa|popad", "", "i64 <SP >AX,CX,DX,BX,SP,BP,SI,DI rm"),
  PUSHF("9c", "pushf|pushfd|pushf", "tOSZAPCDITN", "d64 <SP >SP wm"),
  POPF("9d", "popf|popfd|popf", "wOSZAPCDITN", "d64 <SP >SP rm iopl"),
  SAHF("9e", "sahf", "wSZAPC", "<AX @LAHF"),
  LAHF("9f", "lahf", "tSZAPC", ">AX <AX @LAHF"),
  ENTER_IW_IB2("c8", "enter Iw,Ib2", "", "d64 <SP,BP >SP,BP wm"),
  LEAVE("c9", "leave", "", "d64 <BP >SP,BP rm"),
  CALL_JZ("e8", "call Jz", "", "branch end f64 <SP >SP wm"),
  CALL_EV("ff /2", "call Ev", "", "branch end f64 <SP >SP wm"),
  JMP_JZ("e9", "jmp Jz", "", "branch end f64"),
  JMP_JB("eb", "jmp Jb", "", "branch end f64"),
  JMP_EV("ff /4", "jmp Ev", "", "branch end f64"),
  CALL_AP("9a", "call Ap", "", "branch end i64 <SP >SP wm seg"),
  JMP_AP("ea", "jmp Ap", "", "branch end i64 seg"),
  CALL_MP("ff /3m", "call Mp", "", "branch end <SP >SP wm seg"),
  JMP_MP("ff /5m", "jmp Mp", "", "branch end seg"),
  RET_IW("c2", "ret Iw", "", "branch end f64 <SP >SP rm"),
  RET("c3", "ret", "", "branch end f64 <SP >SP rm"),
  RETF_IW("ca", "retf Iw", "", "branch end <SP >SP rm seg"),
  RETF("cb", "retf", "", "branch end <SP >SP rm seg"),
  IRETW("cf", "iretw|iret|iretq", "wOSZAPCDITN", "branch end <SP >SP rm seg iopl"),
  INT3("cc", "int3", "", "branch end"),
  INT_IB("cd", "int Ib", "", "branch end iopl"),
  INTO("ce", "into", "tO", "branch end i64"),
  INT1("f1", "int1", "", "branch end"),
  LOOPNE_JB("e0", "loopne Jb", "tZ", "branch f64 asz <CX >CX"),
  LOOPE_JB("e1", "loope Jb", "tZ", "branch f64 <CX >CX"),
  LOOP_JB("e2", "loop Jb", "", "branch f64 <CX >CX"),
  JCXZ_JB("e3", "jcxz|jecxz|jrcxz Jb", "", "branch f64 asz <CX"),
  SYSCALL("0f 05", "syscall", "wOSZAPCDITN", "o64 branch end >CX,R11"),
  SYSRET("0f 07", "sysret|sysretd|sysretq", "wOSZAPCDITN", "o64 priv branch end <CX,R11"),
  SYSENTER("0f 34", "sysenter", "wI", "branch end prot"),
  SYSEXIT("0f 35", "sysexit|sysexitd|sysexitq", "", "priv prot <CX,DX branch end"),
  UD2("0f 0b", "ud2", "", "ud branch end"),
  UD1_GV_EV("0f b9 /r", "ud1 Gv,-Ev", "", "ud branch end"),
  UD0_GV_EV("0f ff /r", "ud0 Gv,-Ev", "", "ud branch end"),
  // String instructions
  MOVS_YB_XB("a4", "movs =Yb,Xb", "tD", "string <SI,DI,CX >SI,DI,CX"),
  MOVS_YV_XV("a5", "movs =Yv,Xv", "tD", "string <SI,DI,CX >SI,DI,CX"),
  CMPS_XB_YB("a6", "cmps Xb,Yb", "tD wOSZAPC", "string <SI,DI,CX >SI,DI,CX"),
  CMPS_XV_YV("a7", "cmps Xv,Yv", "tD wOSZAPC", "string <SI,DI,CX >SI,DI,CX"),
  STOS_YB_AL("aa", "stos =Yb,AL", "tD", "string <DI,CX >DI,CX"),
  STOS_YV_RAX("ab", "stos =Yv,rAX", "tD", "string <DI,CX >DI,CX"),
  LODS_AL_XB("ac", "lods =AL,Xb", "tD", "string <SI,CX >SI,CX"),
  LODS_RAX_XV("ad", "lods =rAX,Xv", "tD", "string <SI,CX >SI,CX"),
  SCAS_AL_YB("ae", "scas AL,Yb", "tD wOSZAPC", "string <DI,CX >DI,CX"),
  SCAS_RAX_YV("af", "scas rAX,Yv", "tD wOSZAPC", "string <DI,CX >DI,CX"),
  INS_YB_DX("6c", "ins =Yb,DX", "tD", "string <DI,CX >DI,CX io iopl"),
  INS_YZ_DX("6d", "ins =Yz,DX", "tD", "string <DI,CX >DI,CX io iopl"),
  OUTS_DX_XB("6e", "outs DX,Xb", "tD", "string <SI,CX >SI,CX io iopl"),
  OUTS_DX_XZ("6f", "outs DX,Xz", "tD", "string <SI,CX >SI,CX io iopl"),
  IN_AL_IB("e4", "in =AL,Ib", "", "io iopl"),
  IN_ZAX_IB("e5", "in =zAX,Ib", "", "io iopl"),
  OUT_IB_AL("e6", "out Ib,AL", "", "io iopl"),
  OUT_IB_ZAX("e7", "out Ib,zAX", "", "io iopl"),
  IN_AL_DX("ec", "in =AL,DX", "", "io iopl"),
  IN_ZAX_DX("ed", "in =zAX,DX", "", "io iopl"),
  OUT_DX_AL("ee", "out DX,AL", "", "io iopl"),
  OUT_DX_ZAX("ef", "out DX,zAX", "", "io iopl"),
  // Flags and system instructions, SDM vol. 3
  CMC("f5", "cmc", "tC wC", ""),
  CLC("f8", "clc", "wC cC", ""),
  STC("f9", "stc", "wC sC", ""),
  CLI("fa", "cli", "wI cI", "iopl"),
  STI("fb", "sti", "wI sI", "iopl shadow"),
  CLD("fc", "cld", "wD cD", ""),
  STD("fd", "std", "wD sD", ""),
  HLT("f4", "hlt", "", "priv end"),
  FWAIT("9b", "fwait", "", "x87"),
  SLDT_EVW("0f 00 /0", "sldt =Evw", "", "prot"),
  STR_EVW("0f 00 /1", "str =Evw", "", "prot"),
  LLDT_EW("0f 00 /2", "lldt Ew", "", "prot priv"),
  LTR_EW("0f 00 /3", "ltr Ew", "", "prot priv"),
  VERR_EW("0f 00 /4", "verr Ew", "wZ", "prot"),
  VERW_EW("0f 00 /5", "verw Ew", "wZ", "prot"),
  SGDT_MS("0f 01 /0m", "sgdt =Ms", "", ""),
  SIDT_MS("0f 01 /1m", "sidt =Ms", "", ""),
  LGDT_MS("0f 01 /2m", "lgdt Ms", "", "priv"),
  LIDT_MS("0f 01 /3m", "lidt Ms", "", "priv"),
  SMSW_EVW("0f 01 /4", "smsw =Evw", "", ""),
  LMSW_EW("0f 01 /6", "lmsw Ew", "", "priv"),
  INVLPG_MB("0f 01 /7m", "invlpg -Mb", "", "priv"),
  VMCALL("0f 01 c1", "vmcall", "", "end"),
  VMMCALL("0f 01 d9", "vmmcall", "", "end"),
  MONITOR("0f 01 c8", "monitor", "", "priv <AX,CX,DX @MONITOR"),
  MWAIT("0f 01 c9", "mwait", "", "priv <AX,CX @MONITOR"),
  CLAC("np 0f 01 ca", "clac", "", "@SMAP"),
  STAC("np 0f 01 cb", "stac", "", "@SMAP"),
  XGETBV("np 0f 01 d0", "xgetbv", "", "<CX >AX,DX @XSAVE"),
  XSETBV("np 0f 01 d1", "xsetbv", "", "<AX,CX,DX priv end @XSAVE"),
  RDPKRU("np 0f 01 ee", "rdpkru", "", "<CX >AX,DX @PKU"),
  WRPKRU("np 0f 01 ef", "wrpkru", "", "<AX,CX,DX @PKU"),
  SWAPGS("0f 01 f8", "swapgs", "", "o64 priv"),
  RDTSCP("0f 01 f9", "rdtscp", "", ">AX,CX,DX @RDTSCP"),
  LAR_GV_EVW("0f 02 /r", "lar +Gv,Evw", "wZ", "prot"),
  LSL_GV_EVW("0f 03 /r", "lsl +Gv,Evw", "wZ", "prot"),
  CLTS("0f 06", "clts", "", "priv"),
  INVD("0f 08", "invd", "", "priv"),
  WBINVD("any 0f 09", "wbinvd", "", "priv"),
  MOV_RN_CN("0f 20 /c", "mov =Rn,Cn", "wOSZAPC uOSZAPC", "priv"),
  MOV_RN_DN("0f 21 /c", "mov =Rn,Dn", "wOSZAPC uOSZAPC", "priv"),
  MOV_CN_RN("0f 22 /c", "mov =Cn,Rn", "wOSZAPC uOSZAPC", "priv end"),
  MOV_DN_RN("0f 23 /c", "mov =Dn,Rn", "wOSZAPC uOSZAPC", "priv end"),
  WRMSR("0f 30", "wrmsr", "", "priv <AX,CX,DX end"),
  RDTSC("0f 31", "rdtsc", "", ">AX,DX"),
  RDMSR("0f 32", "rdmsr", "", "priv <CX >AX,DX"),
  RDPMC("0f 33", "rdpmc", "", "<CX >AX,DX"),
  CPUID("0f a2", "cpuid", "", "<AX,CX >AX,BX,CX,DX"),
  RSM("0f aa", "rsm", "wOSZAPCDITN", "priv end"),
  INVPCID_GN_MDQ("66 0f 38 82 /rm", "invpcid Gn,Mdq", "", "priv @INVPCID"),
  RDFSBASE_RY("f3 0f ae /0r", "rdfsbase =Ry", "", "o64 @FSGSBASE"),
  RDGSBASE_RY("f3 0f ae /1r", "rdgsbase =Ry", "", "o64 @FSGSBASE"),
  WRFSBASE_RY("f3 0f ae /2r", "wrfsbase Ry", "", "o64 @FSGSBASE"),
  WRGSBASE_RY("f3 0f ae /3r", "wrgsbase Ry", "", "o64 @FSGSBASE"),
  FXSAVE_MF("np 0f ae /0m", "fxsave|fxsave|fxsave64 =Mf", "", "@FXSR x87 mmx sse"),
  FXRSTOR_MF("np 0f ae /1m", "fxrstor|fxrstor|fxrstor64 Mf", "", "@FXSR x87 mmx sse"),
  LDMXCSR_MD("np 0f ae /2m", "ldmxcsr Md", "", "@SSE sse"),
  STMXCSR_MD("np 0f ae /3m", "stmxcsr =Md", "", "@SSE sse"),
  XSAVE_MF("np 0f ae /4m", "xsave|xsave|xsave64 =Mf", "", "<AX,DX @XSAVE x87 mmx sse"),
  XRSTOR_MF("np 0f ae /5m", "xrstor|xrstor|xrstor64 Mf", "", "<AX,DX @XSAVE x87 mmx sse"),
  XSAVEOPT_MF("np 0f ae /6m", "xsaveopt|xsaveopt|xsaveopt64 =Mf", "", "<AX,DX @XSAVEOPT x87 mmx sse"),
  CLFLUSH_MB("np 0f ae /7m", "clflush -Mb", "", "@CLFSH"),
  CLFLUSHOPT_MB("66 0f ae /7m", "clflushopt -Mb", "", "@CLFLUSHOPT"),
  CLWB_MB("66 0f ae /6m", "clwb -Mb", "", "@CLWB"),
  XSAVEC_MF("np 0f c7 /4m", "xsavec|xsavec|xsavec64 =Mf", "", "<AX,DX @XSAVEC x87 mmx sse"),
  XSAVES_MF("np 0f c7 /5m", "xsaves|xsaves|xsaves64 =Mf", "", "priv <AX,DX @XSAVES x87 mmx sse"),
  XRSTORS_MF("np 0f c7 /3m", "xrstors|xrstors|xrstors64 Mf", "", "priv <AX,DX @XSAVES x87 mmx sse"),
  LFENCE("np 0f ae /5r", "lfence", "", "@SSE2"),
  MFENCE("np 0f ae /6r", "mfence", "", "@SSE2"),
  SFENCE("np 0f ae /7r", "sfence", "", "@SSE"),
  MOVNTI_MY_GY("np 0f c3 /rm", "movnti =My,Gy", "", "@SSE2"),
  PREFETCH_MB("0f 0d /0m", "prefetch -Mb", "", ""),
  PREFETCHW_MB("0f 0d /1m", "prefetchw -Mb", "", ""),
  PREFETCHNTA_MB("0f 18 /0m", "prefetchnta -Mb", "", ""),
  NOP_EV("0f 18 /0r", "nop -Ev", "", ""),
  PREFETCHT0_MB("0f 18 /1m", "prefetcht0 -Mb", "", ""),
  NOP_EV_0F_18_1R("0f 18 /1r", "nop -Ev", "", ""),
  PREFETCHT1_MB("0f 18 /2m", "prefetcht1 -Mb", "", ""),
  NOP_EV_0F_18_2R("0f 18 /2r", "nop -Ev", "", ""),
  PREFETCHT2_MB("0f 18 /3m", "prefetcht2 -Mb", "", ""),
  NOP_EV_0F_18_3R("0f 18 /3r", "nop -Ev", "", ""),
  NOP_EV_0F_18_4("0f 18 /4", "nop -Ev", "", ""),
  NOP_EV_0F_18_5("0f 18 /5", "nop -Ev", "", ""),
  NOP_EV_0F_18_6("0f 18 /6", "nop -Ev", "", ""),
  NOP_EV_0F_18_7("0f 18 /7", "nop -Ev", "", ""),
  NOP_EV_GV("0f 19 /r", "nop -Ev,-Gv", "", ""),
  NOP_EV_GV_0F_1A_R("0f 1a /r", "nop -Ev,-Gv", "", ""),
  NOP_EV_GV_0F_1B_R("0f 1b /r", "nop -Ev,-Gv", "", ""),
  NOP_EV_GV_0F_1C_R("0f 1c /r", "nop -Ev,-Gv", "", ""),
  NOP_EV_GV_0F_1D_R("0f 1d /r", "nop -Ev,-Gv", "", ""),
  NOP_EV_GV_0F_1E_R("0f 1e /r", "nop -Ev,-Gv", "", ""),
  NOP_EV_0F_1F_R("0f 1f /r", "nop -Ev", "", ""),
  PREFETCHWT1_MB("0f 0d /2m", "prefetchwt1 -Mb", "", ""),
  PREFETCH_MB_0F_0D_3M("0f 0d /3m", "prefetch -Mb", "", ""),
  PREFETCH_MB_0F_0D_4M("0f 0d /4m", "prefetch -Mb", "", ""),
  PREFETCH_MB_0F_0D_5M("0f 0d /5m", "prefetch -Mb", "", ""),
  PREFETCH_MB_0F_0D_6M("0f 0d /6m", "prefetch -Mb", "", ""),
  PREFETCH_MB_0F_0D_7M("0f 0d /7m", "prefetch -Mb", "", ""),
  ENDBR64("f3 0f 1e fa", "endbr64", "", ""),
  ENDBR32("f3 0f 1e fb", "endbr32", "", ""),
  // x87, SDM vol. 1 chapter 8
  FADD_MD("d8 /0m", "fadd Md", "k1 q023", "x87"),
  FADD_ST0_STI("d8 c0+i", "fadd +ST0,STi", "k1 q023", "x87"),
  FADD_MQ("dc /0m", "fadd Mq", "k1 q023", "x87"),
  FIADD_MDI("da /0m", "fiadd Mdi", "k1 q023", "x87"),
  FIADD_MWI("de /0m", "fiadd Mwi", "k1 q023", "x87"),
  FMUL_MD("d8 /1m", "fmul Md", "k1 q023", "x87"),
  FMUL_ST0_STI("d8 c8+i", "fmul +ST0,STi", "k1 q023", "x87"),
  FMUL_MQ("dc /1m", "fmul Mq", "k1 q023", "x87"),
  FIMUL_MDI("da /1m", "fimul Mdi", "k1 q023", "x87"),
  FIMUL_MWI("de /1m", "fimul Mwi", "k1 q023", "x87"),
  FCOM_MD("d8 /2m", "fcom Md", "k0123 z1", "x87"),
  FCOM_STI("d8 d0+i", "fcom STi", "k0123 z1", "x87"),
  FCOM_MQ("dc /2m", "fcom Mq", "k0123 z1", "x87"),
  FICOM_MDI("da /2m", "ficom Mdi", "k0123 z1", "x87"),
  FICOM_MWI("de /2m", "ficom Mwi", "k0123 z1", "x87"),
  FCOMP_MD("d8 /3m", "fcomp Md", "k0123 z1", "x87"),
  FCOMP_STI("d8 d8+i", "fcomp STi", "k0123 z1", "x87"),
  FCOMP_MQ("dc /3m", "fcomp Mq", "k0123 z1", "x87"),
  FICOMP_MDI("da /3m", "ficomp Mdi", "k0123 z1", "x87"),
  FICOMP_MWI("de /3m", "ficomp Mwi", "k0123 z1", "x87"),
  FSUB_MD("d8 /4m", "fsub Md", "k1 q023", "x87"),
  FSUB_ST0_STI("d8 e0+i", "fsub +ST0,STi", "k1 q023", "x87"),
  FSUB_MQ("dc /4m", "fsub Mq", "k1 q023", "x87"),
  FISUB_MDI("da /4m", "fisub Mdi", "k1 q023", "x87"),
  FISUB_MWI("de /4m", "fisub Mwi", "k1 q023", "x87"),
  FSUBR_MD("d8 /5m", "fsubr Md", "k1 q023", "x87"),
  FSUBR_ST0_STI("d8 e8+i", "fsubr +ST0,STi", "k1 q023", "x87"),
  FSUBR_MQ("dc /5m", "fsubr Mq", "k1 q023", "x87"),
  FISUBR_MDI("da /5m", "fisubr Mdi", "k1 q023", "x87"),
  FISUBR_MWI("de /5m", "fisubr Mwi", "k1 q023", "x87"),
  FDIV_MD("d8 /6m", "fdiv Md", "k1 q023", "x87"),
  FDIV_ST0_STI("d8 f0+i", "fdiv +ST0,STi", "k1 q023", "x87"),
  FDIV_MQ("dc /6m", "fdiv Mq", "k1 q023", "x87"),
  FIDIV_MDI("da /6m", "fidiv Mdi", "k1 q023", "x87"),
  FIDIV_MWI("de /6m", "fidiv Mwi", "k1 q023", "x87"),
  FDIVR_MD("d8 /7m", "fdivr Md", "k1 q023", "x87"),
  FDIVR_ST0_STI("d8 f8+i", "fdivr +ST0,STi", "k1 q023", "x87"),
  FDIVR_MQ("dc /7m", "fdivr Mq", "k1 q023", "x87"),
  FIDIVR_MDI("da /7m", "fidivr Mdi", "k1 q023", "x87"),
  FIDIVR_MWI("de /7m", "fidivr Mwi", "k1 q023", "x87"),
  FADD_STI_ST0("dc c0+i", "fadd +STi,ST0", "k1 q023", "x87"),
  FADDP_STI_ST0("de c0+i", "faddp +STi,ST0", "k1 q023", "x87"),
  FMUL_STI_ST0("dc c8+i", "fmul +STi,ST0", "k1 q023", "x87"),
  FMULP_STI_ST0("de c8+i", "fmulp +STi,ST0", "k1 q023", "x87"),
  FSUBR_STI_ST0("dc e0+i", "fsubr +STi,ST0", "k1 q023", "x87"),
  FSUBRP_STI_ST0("de e0+i", "fsubrp +STi,ST0", "k1 q023", "x87"),
  FSUB_STI_ST0("dc e8+i", "fsub +STi,ST0", "k1 q023", "x87"),
  FSUBP_STI_ST0("de e8+i", "fsubp +STi,ST0", "k1 q023", "x87"),
  FDIVR_STI_ST0("dc f0+i", "fdivr +STi,ST0", "k1 q023", "x87"),
  FDIVRP_STI_ST0("de f0+i", "fdivrp +STi,ST0", "k1 q023", "x87"),
  FDIV_STI_ST0("dc f8+i", "fdiv +STi,ST0", "k1 q023", "x87"),
  FDIVP_STI_ST0("de f8+i", "fdivp +STi,ST0", "k1 q023", "x87"),
  FCOM2_STI("dc d0+i", "fcom2 STi", "k0123 z1", "x87 alias"),
  FCOMP3_STI("dc d8+i", "fcomp3 STi", "k0123 z1", "x87 alias"),
  FCOMP5_STI("de d0+i", "fcomp5 STi", "k0123 z1", "x87 alias"),
  FCOMPP("de d9", "fcompp", "k0123 z1", "x87"),
  FLD_MD("d9 /0m", "fld Md", "k1 q023", "x87"),
  FST_MD("d9 /2m", "fst =Md", "k1 q023", "x87"),
  FSTP_MD("d9 /3m", "fstp =Md", "k1 q023", "x87"),
  FLDENV_ME("d9 /4m", "fldenv Me", "k0123", "x87"),
  FLDCW_MW("d9 /5m", "fldcw Mw", "q0123", "x87"),
  FNSTENV_ME("d9 /6m", "fnstenv =Me", "q0123", "x87"),
  FNSTCW_MW("d9 /7m", "fnstcw =Mw", "q0123", "x87"),
  FLD_STI("d9 c0+i", "fld STi", "k1 q023", "x87"),
  FXCH_STI("d9 c8+i", "fxch +STi", "k1 q023", "x87"),
  FNOP("d9 d0", "fnop", "q0123", "x87"),
  FSTPNCE_STI("d9 d8+i", "fstpnce =STi", "k1 q023", "x87 alias"),
  FCHS("d9 e0", "fchs", "k1 q023", "x87"),
  FABS("d9 e1", "fabs", "k1 q023", "x87"),
  FTST("d9 e4", "ftst", "k0123 z1", "x87"),
  FXAM("d9 e5", "fxam", "k0123", "x87"),
  FLD1("d9 e8", "fld1", "k1 q023", "x87"),
  FLDL2T("d9 e9", "fldl2t", "k1 q023", "x87"),
  FLDL2E("d9 ea", "fldl2e", "k1 q023", "x87"),
  FLDPI("d9 eb", "fldpi", "k1 q023", "x87"),
  FLDLG2("d9 ec", "fldlg2", "k1 q023", "x87"),
  FLDLN2("d9 ed", "fldln2", "k1 q023", "x87"),
  FLDZ("d9 ee", "fldz", "k1 q023", "x87"),
  F2XM1("d9 f0", "f2xm1", "k1 q023", "x87"),
  FYL2X("d9 f1", "fyl2x", "k1 q023", "x87"),
  FPTAN("d9 f2", "fptan", "k12 q03", "x87"),
  FPATAN("d9 f3", "fpatan", "k1 q023", "x87"),
  FXTRACT("d9 f4", "fxtract", "k1 q023", "x87"),
  FPREM1("d9 f5", "fprem1", "k0123", "x87"),
  FDECSTP("d9 f6", "fdecstp", "k1 z1 q023", "x87"),
  FINCSTP("d9 f7", "fincstp", "k1 z1 q023", "x87"),
  FPREM("d9 f8", "fprem", "k0123", "x87"),
  FYL2XP1("d9 f9", "fyl2xp1", "k1 q023", "x87"),
  FSQRT("d9 fa", "fsqrt", "k1 q023", "x87"),
  FSINCOS("d9 fb", "fsincos", "k12 q03", "x87"),
  FRNDINT("d9 fc", "frndint", "k1 q023", "x87"),
  FSCALE("d9 fd", "fscale", "k1 q023", "x87"),
  FSIN("d9 fe", "fsin", "k12 q03", "x87"),
  FCOS("d9 ff", "fcos", "k12 q03", "x87"),
  FCMOVB_ST0_STI("da c0+i", "fcmovb +ST0,STi", "tC k1 q023", "x87 @CMOV"),
  FCMOVNB_ST0_STI("db c0+i", "fcmovnb +ST0,STi", "tC k1 q023", "x87 @CMOV"),
  FCMOVE_ST0_STI("da c8+i", "fcmove +ST0,STi", "tZ k1 q023", "x87 @CMOV"),
  FCMOVNE_ST0_STI("db c8+i", "fcmovne +ST0,STi", "tZ k1 q023", "x87 @CMOV"),
  FCMOVBE_ST0_STI("da d0+i", "fcmovbe +ST0,STi", "tCZ k1 q023", "x87 @CMOV"),
  FCMOVNBE_ST0_STI("db d0+i", "fcmovnbe +ST0,STi", "tCZ k1 q023", "x87 @CMOV"),
  FCMOVU_ST0_STI("da d8+i", "fcmovu +ST0,STi", "tP k1 q023", "x87 @CMOV"),
  FCMOVNU_ST0_STI("db d8+i", "fcmovnu +ST0,STi", "tP k1 q023", "x87 @CMOV"),
  FUCOMPP("da e9", "fucompp", "k0123 z1", "x87"),
  FILD_MDI("db /0m", "fild Mdi", "k1 q023", "x87"),
  FISTTP_MDI("db /1m", "fisttp =Mdi", "k1 q023 z1", "x87 @SSE3"),
  FIST_MDI("db /2m", "fist =Mdi", "k1 q023", "x87"),
  FISTP_MDI("db /3m", "fistp =Mdi", "k1 q023", "x87"),
  FLD_MT("db /5m", "fld Mt", "k1 q023", "x87"),
  FSTP_MT("db /7m", "fstp =Mt", "k1 q023", "x87"),
  FNENI("db e0", "fneni", "", "x87 alias"),
  FNDISI("db e1", "fndisi", "", "x87 alias"),
  FNCLEX("db e2", "fnclex", "q0123", "x87"),
  FNINIT("db e3", "fninit", "k0123 z0123", "x87"),
  FNSETPM("db e4", "fnsetpm", "", "x87 alias"),
  FUCOMI_ST0_STI("db e8+i", "fucomi ST0,STi", "wZPCOSA cOSA k1 z1", "x87 @CMOV"),
  FCOMI_ST0_STI("db f0+i", "fcomi ST0,STi", "wZPCOSA cOSA k1 z1", "x87 @CMOV"),
  FLD_MQ("dd /0m", "fld Mq", "k1 q023", "x87"),
  FISTTP_MQI("dd /1m", "fisttp =Mqi", "k1 q023 z1", "x87 @SSE3"),
  FST_MQ("dd /2m", "fst =Mq", "k1 q023", "x87"),
  FSTP_MQ("dd /3m", "fstp =Mq", "k1 q023", "x87"),
  FRSTOR_ME("dd /4m", "frstor Me", "k0123", "x87"),
  FNSAVE_ME("dd /6m", "fnsave =Me", "k0123 z0123", "x87"),
  FNSTSW_MW("dd /7m", "fnstsw =Mw", "q0123", "x87"),
  FFREE_STI("dd c0+i", "ffree STi", "q0123", "x87"),
  FXCH4_STI("dd c8+i", "fxch4 +STi", "k1 q023", "x87 alias"),
  FST_STI("dd d0+i", "fst =STi", "k1 q023", "x87"),
  FSTP_STI("dd d8+i", "fstp =STi", "k1 q023", "x87"),
  FUCOM_STI("dd e0+i", "fucom STi", "k0123 z1", "x87"),
  FUCOMP_STI("dd e8+i", "fucomp STi", "k0123 z1", "x87"),
  FILD_MWI("df /0m", "fild Mwi", "k1 q023", "x87"),
  FISTTP_MWI("df /1m", "fisttp =Mwi", "k1 q023 z1", "x87 @SSE3"),
  FIST_MWI("df /2m", "fist =Mwi", "k1 q023", "x87"),
  FISTP_MWI("df /3m", "fistp =Mwi", "k1 q023", "x87"),
  FBLD_MT("df /4m", "fbld Mt", "k1 q023", "x87"),
  FILD_MQI("df /5m", "fild Mqi", "k1 q023", "x87"),
  FBSTP_MT("df /6m", "fbstp =Mt", "k1 q023", "x87"),
  FISTP_MQI("df /7m", "fistp =Mqi", "k1 q023", "x87"),
  FFREEP_STI("df c0+i", "ffreep STi", "q0123", "x87 alias"),
  FXCH7_STI("df c8+i", "fxch7 +STi", "k1 q023", "x87 alias"),
  FSTP8_STI("df d0+i", "fstp8 =STi", "k1 q023", "x87 alias"),
  FSTP9_STI("df d8+i", "fstp9 =STi", "k1 q023", "x87 alias"),
  FNSTSW_AX("df e0", "fnstsw =AX", "q0123", "x87"),
  FUCOMIP_ST0_STI("df e8+i", "fucomip ST0,STi", "wZPCOSA cOSA k1 z1", "x87 @CMOV"),
  FCOMIP_ST0_STI("df f0+i", "fcomip ST0,STi", "wZPCOSA cOSA k1 z1", "x87 @CMOV"),
  // MMX, and the same operations on XMM registers
  EMMS("np 0f 77", "emms", "", "@MMX mmx"),
  PUNPCKLBW_PQ_QD("np 0f 60 /r", "punpcklbw +Pq,Qd", "", "@MMX mmx"),
  PUNPCKLBW_VDQ_WDQ("66 0f 60 /r", "punpcklbw +Vdq,Wdq", "", "@SSE2 sse"),
  PUNPCKLWD_PQ_QD("np 0f 61 /r", "punpcklwd +Pq,Qd", "", "@MMX mmx"),
  PUNPCKLWD_VDQ_WDQ("66 0f 61 /r", "punpcklwd +Vdq,Wdq", "", "@SSE2 sse"),
  PUNPCKLDQ_PQ_QD("np 0f 62 /r", "punpckldq +Pq,Qd", "", "@MMX mmx"),
  PUNPCKLDQ_VDQ_WDQ("66 0f 62 /r", "punpckldq +Vdq,Wdq", "", "@SSE2 sse"),
  PACKSSWB_PQ_QQ("np 0f 63 /r", "packsswb +Pq,Qq", "", "@MMX mmx"),
  PACKSSWB_VDQ_WDQ("66 0f 63 /r", "packsswb +Vdq,Wdq", "", "@SSE2 sse"),
  PCMPGTB_PQ_QQ("np 0f 64 /r", "pcmpgtb +Pq,Qq", "", "@MMX mmx"),
  PCMPGTB_VDQ_WDQ("66 0f 64 /r", "pcmpgtb +Vdq,Wdq", "", "@SSE2 sse"),
  PCMPGTW_PQ_QQ("np 0f 65 /r", "pcmpgtw +Pq,Qq", "", "@MMX mmx"),
  PCMPGTW_VDQ_WDQ("66 0f 65 /r", "pcmpgtw +Vdq,Wdq", "", "@SSE2 sse"),
  PCMPGTD_PQ_QQ("np 0f 66 /r", "pcmpgtd +Pq,Qq", "", "@MMX mmx"),
  PCMPGTD_VDQ_WDQ("66 0f 66 /r", "pcmpgtd +Vdq,Wdq", "", "@SSE2 sse"),
  PACKUSWB_PQ_QQ("np 0f 67 /r", "packuswb +Pq,Qq", "", "@MMX mmx"),
  PACKUSWB_VDQ_WDQ("66 0f 67 /r", "packuswb +Vdq,Wdq", "", "@SSE2 sse"),
  PUNPCKHBW_PQ_QQ("np 0f 68 /r", "punpckhbw +Pq,Qq", "", "@MMX mmx"),
  PUNPCKHBW_VDQ_WDQ("66 0f 68 /r", "punpckhbw +Vdq,Wdq", "", "@SSE2 sse"),
  PUNPCKHWD_PQ_QQ("np 0f 69 /r", "punpckhwd +Pq,Qq", "", "@MMX mmx"),
  PUNPCKHWD_VDQ_WDQ("66 0f 69 /r", "punpckhwd +Vdq,Wdq", "", "@SSE2 sse"),
  PUNPCKHDQ_PQ_QQ("np 0f 6a /r", "punpckhdq +Pq,Qq", "", "@MMX mmx"),
  PUNPCKHDQ_VDQ_WDQ("66 0f 6a /r", "punpckhdq +Vdq,Wdq", "", "@SSE2 sse"),
  PACKSSDW_PQ_QQ("np 0f 6b /r", "packssdw +Pq,Qq", "", "@MMX mmx"),
  PACKSSDW_VDQ_WDQ("66 0f 6b /r", "packssdw +Vdq,Wdq", "", "@SSE2 sse"),
  PCMPEQB_PQ_QQ("np 0f 74 /r", "pcmpeqb +Pq,Qq", "", "@MMX mmx"),
  PCMPEQB_VDQ_WDQ("66 0f 74 /r", "pcmpeqb +Vdq,Wdq", "", "@SSE2 sse"),
  PCMPEQW_PQ_QQ("np 0f 75 /r", "pcmpeqw +Pq,Qq", "", "@MMX mmx"),
  PCMPEQW_VDQ_WDQ("66 0f 75 /r", "pcmpeqw +Vdq,Wdq", "", "@SSE2 sse"),
  PCMPEQD_PQ_QQ("np 0f 76 /r", "pcmpeqd +Pq,Qq", "", "@MMX mmx"),
  PCMPEQD_VDQ_WDQ("66 0f 76 /r", "pcmpeqd +Vdq,Wdq", "", "@SSE2 sse"),
  PSRLW_PQ_QQ("np 0f d1 /r", "psrlw +Pq,Qq", "", "@MMX mmx"),
  PSRLW_VDQ_WDQ("66 0f d1 /r", "psrlw +Vdq,Wdq", "", "@SSE2 sse"),
  PSRLD_PQ_QQ("np 0f d2 /r", "psrld +Pq,Qq", "", "@MMX mmx"),
  PSRLD_VDQ_WDQ("66 0f d2 /r", "psrld +Vdq,Wdq", "", "@SSE2 sse"),
  PSRLQ_PQ_QQ("np 0f d3 /r", "psrlq +Pq,Qq", "", "@MMX mmx"),
  PSRLQ_VDQ_WDQ("66 0f d3 /r", "psrlq +Vdq,Wdq", "", "@SSE2 sse"),
  PMULLW_PQ_QQ("np 0f d5 /r", "pmullw +Pq,Qq", "", "@MMX mmx"),
  PMULLW_VDQ_WDQ("66 0f d5 /r", "pmullw +Vdq,Wdq", "", "@SSE2 sse"),
  PSUBUSB_PQ_QQ("np 0f d8 /r", "psubusb +Pq,Qq", "", "@MMX mmx"),
  PSUBUSB_VDQ_WDQ("66 0f d8 /r", "psubusb +Vdq,Wdq", "", "@SSE2 sse"),
  PSUBUSW_PQ_QQ("np 0f d9 /r", "psubusw +Pq,Qq", "", "@MMX mmx"),
  PSUBUSW_VDQ_WDQ("66 0f d9 /r", "psubusw +Vdq,Wdq", "", "@SSE2 sse"),
  PAND_PQ_QQ("np 0f db /r", "pand +Pq,Qq", "", "@MMX mmx"),
  PAND_VDQ_WDQ("66 0f db /r", "pand +Vdq,Wdq", "", "@SSE2 sse"),
  PADDUSB_PQ_QQ("np 0f dc /r", "paddusb +Pq,Qq", "", "@MMX mmx"),
  PADDUSB_VDQ_WDQ("66 0f dc /r", "paddusb +Vdq,Wdq", "", "@SSE2 sse"),
  PADDUSW_PQ_QQ("np 0f dd /r", "paddusw +Pq,Qq", "", "@MMX mmx"),
  PADDUSW_VDQ_WDQ("66 0f dd /r", "paddusw +Vdq,Wdq", "", "@SSE2 sse"),
  PANDN_PQ_QQ("np 0f df /r", "pandn +Pq,Qq", "", "@MMX mmx"),
  PANDN_VDQ_WDQ("66 0f df /r", "pandn +Vdq,Wdq", "", "@SSE2 sse"),
  PSRAW_PQ_QQ("np 0f e1 /r", "psraw +Pq,Qq", "", "@MMX mmx"),
  PSRAW_VDQ_WDQ("66 0f e1 /r", "psraw +Vdq,Wdq", "", "@SSE2 sse"),
  PSRAD_PQ_QQ("np 0f e2 /r", "psrad +Pq,Qq", "", "@MMX mmx"),
  PSRAD_VDQ_WDQ("66 0f e2 /r", "psrad +Vdq,Wdq", "", "@SSE2 sse"),
  PMULHW_PQ_QQ("np 0f e5 /r", "pmulhw +Pq,Qq", "", "@MMX mmx"),
  PMULHW_VDQ_WDQ("66 0f e5 /r", "pmulhw +Vdq,Wdq", "", "@SSE2 sse"),
  PSUBSB_PQ_QQ("np 0f e8 /r", "psubsb +Pq,Qq", "", "@MMX mmx"),
  PSUBSB_VDQ_WDQ("66 0f e8 /r", "psubsb +Vdq,Wdq", "", "@SSE2 sse"),
  PSUBSW_PQ_QQ("np 0f e9 /r", "psubsw +Pq,Qq", "", "@MMX mmx"),
  PSUBSW_VDQ_WDQ("66 0f e9 /r", "psubsw +Vdq,Wdq", "", "@SSE2 sse"),
  POR_PQ_QQ("np 0f eb /r", "por +Pq,Qq", "", "@MMX mmx"),
  POR_VDQ_WDQ("66 0f eb /r", "por +Vdq,Wdq", "", "@SSE2 sse"),
  PADDSB_PQ_QQ("np 0f ec /r", "paddsb +Pq,Qq", "", "@MMX mmx"),
  PADDSB_VDQ_WDQ("66 0f ec /r", "paddsb +Vdq,Wdq", "", "@SSE2 sse"),
  PADDSW_PQ_QQ("np 0f ed /r", "paddsw +Pq,Qq", "", "@MMX mmx"),
  PADDSW_VDQ_WDQ("66 0f ed /r", "paddsw +Vdq,Wdq", "", "@SSE2 sse"),
  PXOR_PQ_QQ("np 0f ef /r", "pxor +Pq,Qq", "", "@MMX mmx"),
  PXOR_VDQ_WDQ("66 0f ef /r", "pxor +Vdq,Wdq", "", "@SSE2 sse"),
  PSLLW_PQ_QQ("np 0f f1 /r", "psllw +Pq,Qq", "", "@MMX mmx"),
  PSLLW_VDQ_WDQ("66 0f f1 /r", "psllw +Vdq,Wdq", "", "@SSE2 sse"),
  PSLLD_PQ_QQ("np 0f f2 /r", "pslld +Pq,Qq", "", "@MMX mmx"),
  PSLLD_VDQ_WDQ("66 0f f2 /r", "pslld +Vdq,Wdq", "", "@SSE2 sse"),
  PSLLQ_PQ_QQ("np 0f f3 /r", "psllq +Pq,Qq", "", "@MMX mmx"),
  PSLLQ_VDQ_WDQ("66 0f f3 /r", "psllq +Vdq,Wdq", "", "@SSE2 sse"),
  PMADDWD_PQ_QQ("np 0f f5 /r", "pmaddwd +Pq,Qq", "", "@MMX mmx"),
  PMADDWD_VDQ_WDQ("66 0f f5 /r", "pmaddwd +Vdq,Wdq", "", "@SSE2 sse"),
  PSUBB_PQ_QQ("np 0f f8 /r", "psubb +Pq,Qq", "", "@MMX mmx"),
  PSUBB_VDQ_WDQ("66 0f f8 /r", "psubb +Vdq,Wdq", "", "@SSE2 sse"),
  PSUBW_PQ_QQ("np 0f f9 /r", "psubw +Pq,Qq", "", "@MMX mmx"),
  PSUBW_VDQ_WDQ("66 0f f9 /r", "psubw +Vdq,Wdq", "", "@SSE2 sse"),
  PSUBD_PQ_QQ("np 0f fa /r", "psubd +Pq,Qq", "", "@MMX mmx"),
  PSUBD_VDQ_WDQ("66 0f fa /r", "psubd +Vdq,Wdq", "", "@SSE2 sse"),
  PADDB_PQ_QQ("np 0f fc /r", "paddb +Pq,Qq", "", "@MMX mmx"),
  PADDB_VDQ_WDQ("66 0f fc /r", "paddb +Vdq,Wdq", "", "@SSE2 sse"),
  PADDW_PQ_QQ("np 0f fd /r", "paddw +Pq,Qq", "", "@MMX mmx"),
  PADDW_VDQ_WDQ("66 0f fd /r", "paddw +Vdq,Wdq", "", "@SSE2 sse"),
  PADDD_PQ_QQ("np 0f fe /r", "paddd +Pq,Qq", "", "@MMX mmx"),
  PADDD_VDQ_WDQ("66 0f fe /r", "paddd +Vdq,Wdq", "", "@SSE2 sse"),
  PMINUB_PQ_QQ("np 0f da /r", "pminub +Pq,Qq", "", "@SSE mmx"),
  PMINUB_VDQ_WDQ("66 0f da /r", "pminub +Vdq,Wdq", "", "@SSE2 sse"),
  PMAXUB_PQ_QQ("np 0f de /r", "pmaxub +Pq,Qq", "", "@SSE mmx"),
  PMAXUB_VDQ_WDQ("66 0f de /r", "pmaxub +Vdq,Wdq", "", "@SSE2 sse"),
  PAVGB_PQ_QQ("np 0f e0 /r", "pavgb +Pq,Qq", "", "@SSE mmx"),
  PAVGB_VDQ_WDQ("66 0f e0 /r", "pavgb +Vdq,Wdq", "", "@SSE2 sse"),
  PAVGW_PQ_QQ("np 0f e3 /r", "pavgw +Pq,Qq", "", "@SSE mmx"),
  PAVGW_VDQ_WDQ("66 0f e3 /r", "pavgw +Vdq,Wdq", "", "@SSE2 sse"),
  PMULHUW_PQ_QQ("np 0f e4 /r", "pmulhuw +Pq,Qq", "", "@SSE mmx"),
  PMULHUW_VDQ_WDQ("66 0f e4 /r", "pmulhuw +Vdq,Wdq", "", "@SSE2 sse"),
  PMINSW_PQ_QQ("np 0f ea /r", "pminsw +Pq,Qq", "", "@SSE mmx"),
  PMINSW_VDQ_WDQ("66 0f ea /r", "pminsw +Vdq,Wdq", "", "@SSE2 sse"),
  PMAXSW_PQ_QQ("np 0f ee /r", "pmaxsw +Pq,Qq", "", "@SSE mmx"),
  PMAXSW_VDQ_WDQ("66 0f ee /r", "pmaxsw +Vdq,Wdq", "", "@SSE2 sse"),
  PSADBW_PQ_QQ("np 0f f6 /r", "psadbw +Pq,Qq", "", "@SSE mmx"),
  PSADBW_VDQ_WDQ("66 0f f6 /r", "psadbw +Vdq,Wdq", "", "@SSE2 sse"),
  PADDQ_PQ_QQ("np 0f d4 /r", "paddq +Pq,Qq", "", "@SSE2 mmx"),
  PADDQ_VDQ_WDQ("66 0f d4 /r", "paddq +Vdq,Wdq", "", "@SSE2 sse"),
  PMULUDQ_PQ_QQ("np 0f f4 /r", "pmuludq +Pq,Qq", "", "@SSE2 mmx"),
  PMULUDQ_VDQ_WDQ("66 0f f4 /r", "pmuludq +Vdq,Wdq", "", "@SSE2 sse"),
  PSUBQ_PQ_QQ("np 0f fb /r", "psubq +Pq,Qq", "", "@SSE2 mmx"),
  PSUBQ_VDQ_WDQ("66 0f fb /r", "psubq +Vdq,Wdq", "", "@SSE2 sse"),
  PSHUFB_PQ_QQ("np 0f 38 00 /r", "pshufb +Pq,Qq", "", "@SSSE3 mmx"),
  PSHUFB_VDQ_WDQ("66 0f 38 00 /r", "pshufb +Vdq,Wdq", "", "@SSSE3 sse"),
  PHADDW_PQ_QQ("np 0f 38 01 /r", "phaddw +Pq,Qq", "", "@SSSE3 mmx"),
  PHADDW_VDQ_WDQ("66 0f 38 01 /r", "phaddw +Vdq,Wdq", "", "@SSSE3 sse"),
  PHADDD_PQ_QQ("np 0f 38 02 /r", "phaddd +Pq,Qq", "", "@SSSE3 mmx"),
  PHADDD_VDQ_WDQ("66 0f 38 02 /r", "phaddd +Vdq,Wdq", "", "@SSSE3 sse"),
  PHADDSW_PQ_QQ("np 0f 38 03 /r", "phaddsw +Pq,Qq", "", "@SSSE3 mmx"),
  PHADDSW_VDQ_WDQ("66 0f 38 03 /r", "phaddsw +Vdq,Wdq", "", "@SSSE3 sse"),
  PMADDUBSW_PQ_QQ("np 0f 38 04 /r", "pmaddubsw +Pq,Qq", "", "@SSSE3 mmx"),
  PMADDUBSW_VDQ_WDQ("66 0f 38 04 /r", "pmaddubsw +Vdq,Wdq", "", "@SSSE3 sse"),
  PHSUBW_PQ_QQ("np 0f 38 05 /r", "phsubw +Pq,Qq", "", "@SSSE3 mmx"),
  PHSUBW_VDQ_WDQ("66 0f 38 05 /r", "phsubw +Vdq,Wdq", "", "@SSSE3 sse"),
  PHSUBD_PQ_QQ("np 0f 38 06 /r", "phsubd +Pq,Qq", "", "@SSSE3 mmx"),
  PHSUBD_VDQ_WDQ("66 0f 38 06 /r", "phsubd +Vdq,Wdq", "", "@SSSE3 sse"),
  PHSUBSW_PQ_QQ("np 0f 38 07 /r", "phsubsw +Pq,Qq", "", "@SSSE3 mmx"),
  PHSUBSW_VDQ_WDQ("66 0f 38 07 /r", "phsubsw +Vdq,Wdq", "", "@SSSE3 sse"),
  PSIGNB_PQ_QQ("np 0f 38 08 /r", "psignb +Pq,Qq", "", "@SSSE3 mmx"),
  PSIGNB_VDQ_WDQ("66 0f 38 08 /r", "psignb +Vdq,Wdq", "", "@SSSE3 sse"),
  PSIGNW_PQ_QQ("np 0f 38 09 /r", "psignw +Pq,Qq", "", "@SSSE3 mmx"),
  PSIGNW_VDQ_WDQ("66 0f 38 09 /r", "psignw +Vdq,Wdq", "", "@SSSE3 sse"),
  PSIGND_PQ_QQ("np 0f 38 0a /r", "psignd +Pq,Qq", "", "@SSSE3 mmx"),
  PSIGND_VDQ_WDQ("66 0f 38 0a /r", "psignd +Vdq,Wdq", "", "@SSSE3 sse"),
  PMULHRSW_PQ_QQ("np 0f 38 0b /r", "pmulhrsw +Pq,Qq", "", "@SSSE3 mmx"),
  PMULHRSW_VDQ_WDQ("66 0f 38 0b /r", "pmulhrsw +Vdq,Wdq", "", "@SSSE3 sse"),
  PABSB_PQ_QQ("np 0f 38 1c /r", "pabsb =Pq,Qq", "", "@SSSE3 mmx"),
  PABSB_VDQ_WDQ("66 0f 38 1c /r", "pabsb =Vdq,Wdq", "", "@SSSE3 sse"),
  PABSW_PQ_QQ("np 0f 38 1d /r", "pabsw =Pq,Qq", "", "@SSSE3 mmx"),
  PABSW_VDQ_WDQ("66 0f 38 1d /r", "pabsw =Vdq,Wdq", "", "@SSSE3 sse"),
  PABSD_PQ_QQ("np 0f 38 1e /r", "pabsd =Pq,Qq", "", "@SSSE3 mmx"),
  PABSD_VDQ_WDQ("66 0f 38 1e /r", "pabsd =Vdq,Wdq", "", "@SSSE3 sse"),
  PALIGNR_PQ_QQ_IB("np 0f 3a 0f /r", "palignr +Pq,Qq,Ib", "", "@SSSE3 mmx"),
  PALIGNR_VDQ_WDQ_IB("66 0f 3a 0f /r", "palignr +Vdq,Wdq,Ib", "", "@SSSE3 sse"),
  PSRLW_NQ_IB("np 0f 71 /2r", "psrlw +Nq,Ib", "", "@MMX mmx"),
  PSRLW_UDQ_IB("66 0f 71 /2r", "psrlw +Udq,Ib", "", "@SSE2 sse"),
  PSRAW_NQ_IB("np 0f 71 /4r", "psraw +Nq,Ib", "", "@MMX mmx"),
  PSRAW_UDQ_IB("66 0f 71 /4r", "psraw +Udq,Ib", "", "@SSE2 sse"),
  PSLLW_NQ_IB("np 0f 71 /6r", "psllw +Nq,Ib", "", "@MMX mmx"),
  PSLLW_UDQ_IB("66 0f 71 /6r", "psllw +Udq,Ib", "", "@SSE2 sse"),
  PSRLD_NQ_IB("np 0f 72 /2r", "psrld +Nq,Ib", "", "@MMX mmx"),
  PSRLD_UDQ_IB("66 0f 72 /2r", "psrld +Udq,Ib", "", "@SSE2 sse"),
  PSRAD_NQ_IB("np 0f 72 /4r", "psrad +Nq,Ib", "", "@MMX mmx"),
  PSRAD_UDQ_IB("66 0f 72 /4r", "psrad +Udq,Ib", "", "@SSE2 sse"),
  PSLLD_NQ_IB("np 0f 72 /6r", "pslld +Nq,Ib", "", "@MMX mmx"),
  PSLLD_UDQ_IB("66 0f 72 /6r", "pslld +Udq,Ib", "", "@SSE2 sse"),
  PSRLQ_NQ_IB("np 0f 73 /2r", "psrlq +Nq,Ib", "", "@MMX mmx"),
  PSRLQ_UDQ_IB("66 0f 73 /2r", "psrlq +Udq,Ib", "", "@SSE2 sse"),
  PSLLQ_NQ_IB("np 0f 73 /6r", "psllq +Nq,Ib", "", "@MMX mmx"),
  PSLLQ_UDQ_IB("66 0f 73 /6r", "psllq +Udq,Ib", "", "@SSE2 sse"),
  PSRLDQ_UDQ_IB("66 0f 73 /3r", "psrldq +Udq,Ib", "", "@SSE2 sse"),
  PSLLDQ_UDQ_IB("66 0f 73 /7r", "pslldq +Udq,Ib", "", "@SSE2 sse"),
  MOVD_PQ_EY("np 0f 6e /r", "movd|movd|movq =Pq,Ey", "", "@MMX mmx"),
  MOVD_EY_PQ("np 0f 7e /r", "movd|movd|movq =Ey,Pq", "", "@MMX mmx"),
  MOVQ_PQ_QQ("np 0f 6f /r", "movq =Pq,Qq", "", "@MMX mmx"),
  MOVQ_QQ_PQ("np 0f 7f /r", "movq =Qq,Pq", "", "@MMX mmx"),
  MOVD_VDQ_EY("66 0f 6e /r", "movd|movd|movq =Vdq,Ey", "", "@SSE2 sse"),
  MOVD_EY_VDQ("66 0f 7e /r", "movd|movd|movq =Ey,Vdq", "", "@SSE2 sse"),
  MOVDQA_VDQ_WDQ("66 0f 6f /r", "movdqa =Vdq,Wdq", "", "@SSE2 sse align"),
  MOVDQA_WDQ_VDQ("66 0f 7f /r", "movdqa =Wdq,Vdq", "", "@SSE2 sse align"),
  MOVDQU_VDQ_WDQ("f3 0f 6f /r", "movdqu =Vdq,Wdq", "", "@SSE2 sse"),
  MOVDQU_WDQ_VDQ("f3 0f 7f /r", "movdqu =Wdq,Vdq", "", "@SSE2 sse"),
  MOVQ_VDQ_WQ("f3 0f 7e /r", "movq =Vdq,Wq", "", "@SSE2 sse"),
  MOVQ_WQ_VDQ("66 0f d6 /r", "movq =Wq,Vdq", "", "@SSE2 sse"),
  MOVQ2DQ_VDQ_NQ("f3 0f d6 /rr", "movq2dq =Vdq,Nq", "", "@SSE2 sse mmx"),
  MOVDQ2Q_PQ_UDQ("f2 0f d6 /rr", "movdq2q =Pq,Udq", "", "@SSE2 sse mmx"),
  PSHUFW_PQ_QQ_IB("np 0f 70 /r", "pshufw =Pq,Qq,Ib", "", "@SSE mmx"),
  PSHUFD_VDQ_WDQ_IB("66 0f 70 /r", "pshufd =Vdq,Wdq,Ib", "", "@SSE2 sse"),
  PSHUFHW_VDQ_WDQ_IB("f3 0f 70 /r", "pshufhw =Vdq,Wdq,Ib", "", "@SSE2 sse"),
  PSHUFLW_VDQ_WDQ_IB("f2 0f 70 /r", "pshuflw =Vdq,Wdq,Ib", "", "@SSE2 sse"),
  PINSRW_PQ_EDW_IB("np 0f c4 /r", "pinsrw +Pq,Edw,Ib", "", "@SSE mmx"),
  PINSRW_VDQ_EDW_IB("66 0f c4 /r", "pinsrw +Vdq,Edw,Ib", "", "@SSE2 sse"),
  PEXTRW_GD_NQ_IB("np 0f c5 /rr", "pextrw =Gd,Nq,Ib", "", "@SSE mmx"),
  PEXTRW_GD_UDQ_IB("66 0f c5 /rr", "pextrw =Gd,Udq,Ib", "", "@SSE2 sse"),
  PMOVMSKB_GD_NQ("np 0f d7 /rr", "pmovmskb =Gd,Nq", "", "@SSE mmx"),
  PMOVMSKB_GD_UDQ("66 0f d7 /rr", "pmovmskb =Gd,Udq", "", "@SSE2 sse"),
  MOVNTQ_MQ_PQ("np 0f e7 /rm", "movntq =Mq,Pq", "", "@SSE mmx"),
  MOVNTDQ_MDQ_VDQ("66 0f e7 /rm", "movntdq =Mdq,Vdq", "", "@SSE2 sse align"),
  MASKMOVQ_PQ_NQ("np 0f f7 /rr", "maskmovq Pq,Nq", "", "@SSE mmx <DI wm"),
  MASKMOVDQU_VDQ_UDQ("66 0f f7 /rr", "maskmovdqu Vdq,Udq", "", "@SSE2 sse <DI wm"),
  PUNPCKLQDQ_VDQ_WDQ("66 0f 6c /r", "punpcklqdq +Vdq,Wdq", "", "@SSE2 sse"),
  PUNPCKHQDQ_VDQ_WDQ("66 0f 6d /r", "punpckhqdq +Vdq,Wdq", "", "@SSE2 sse"),
  // SSE and SSE2 floating point, moves
  MOVUPS_VPS_WPS("np 0f 10 /r", "movups =Vps,Wps", "", "@SSE sse"),
  MOVUPD_VPD_WPD("66 0f 10 /r", "movupd =Vpd,Wpd", "", "@SSE2 sse"),
  MOVSS_VSS_WSS("f3 0f 10 /r", "movss +Vss,Wss", "", "@SSE sse"),
  MOVSD_VSD_WSD("f2 0f 10 /r", "movsd +Vsd,Wsd", "", "@SSE2 sse"),
  MOVUPS_WPS_VPS("np 0f 11 /r", "movups =Wps,Vps", "", "@SSE sse"),
  MOVUPD_WPD_VPD("66 0f 11 /r", "movupd =Wpd,Vpd", "", "@SSE2 sse"),
  MOVSS_WSS_VSS("f3 0f 11 /r", "movss +Wss,Vss", "", "@SSE sse"),
  MOVSD_WSD_VSD("f2 0f 11 /r", "movsd +Wsd,Vsd", "", "@SSE2 sse"),
  MOVLPS_VPS_MQ("np 0f 12 /rm", "movlps +Vps,Mq", "", "@SSE sse"),
  MOVHLPS_VPS_UPS("np 0f 12 /rr", "movhlps +Vps,Ups", "", "@SSE sse"),
  MOVLPD_VPD_MQ("66 0f 12 /rm", "movlpd +Vpd,Mq", "", "@SSE2 sse"),
  MOVSLDUP_VPS_WPS("f3 0f 12 /r", "movsldup =Vps,Wps", "", "@SSE3 sse"),
  MOVDDUP_VPD_WSD("f2 0f 12 /r", "movddup =Vpd,Wsd", "", "@SSE3 sse"),
  MOVLPS_MQ_VPS("np 0f 13 /rm", "movlps =Mq,Vps", "", "@SSE sse"),
  MOVLPD_MQ_VPD("66 0f 13 /rm", "movlpd =Mq,Vpd", "", "@SSE2 sse"),
  UNPCKLPS_VPS_WPS("np 0f 14 /r", "unpcklps +Vps,Wps", "", "@SSE sse"),
  UNPCKLPD_VPD_WPD("66 0f 14 /r", "unpcklpd +Vpd,Wpd", "", "@SSE2 sse"),
  UNPCKHPS_VPS_WPS("np 0f 15 /r", "unpckhps +Vps,Wps", "", "@SSE sse"),
  UNPCKHPD_VPD_WPD("66 0f 15 /r", "unpckhpd +Vpd,Wpd", "", "@SSE2 sse"),
  MOVHPS_VPS_MQ("np 0f 16 /rm", "movhps +Vps,Mq", "", "@SSE sse"),
  MOVLHPS_VPS_UPS("np 0f 16 /rr", "movlhps +Vps,Ups", "", "@SSE sse"),
  MOVHPD_VPD_MQ("66 0f 16 /rm", "movhpd +Vpd,Mq", "", "@SSE2 sse"),
  MOVSHDUP_VPS_WPS("f3 0f 16 /r", "movshdup =Vps,Wps", "", "@SSE3 sse"),
  MOVHPS_MQ_VPS("np 0f 17 /rm", "movhps =Mq,Vps", "", "@SSE sse"),
  MOVHPD_MQ_VPD("66 0f 17 /rm", "movhpd =Mq,Vpd", "", "@SSE2 sse"),
  MOVAPS_VPS_WPS("np 0f 28 /r", "movaps =Vps,Wps", "", "@SSE sse align"),
  MOVAPD_VPD_WPD("66 0f 28 /r", "movapd =Vpd,Wpd", "", "@SSE2 sse align"),
  MOVAPS_WPS_VPS("np 0f 29 /r", "movaps =Wps,Vps", "", "@SSE sse align"),
  MOVAPD_WPD_VPD("66 0f 29 /r", "movapd =Wpd,Vpd", "", "@SSE2 sse align"),
  MOVNTPS_MPS_VPS("np 0f 2b /rm", "movntps =Mps,Vps", "", "@SSE sse align"),
  MOVNTPD_MPD_VPD("66 0f 2b /rm", "movntpd =Mpd,Vpd", "", "@SSE2 sse align"),
  MOVMSKPS_GD_UPS("np 0f 50 /rr", "movmskps =Gd,Ups", "", "@SSE sse"),
  MOVMSKPD_GD_UPD("66 0f 50 /rr", "movmskpd =Gd,Upd", "", "@SSE2 sse"),
  LDDQU_VDQ_MDQ("f2 0f f0 /rm", "lddqu =Vdq,Mdq", "", "@SSE3 sse"),
  // SSE and SSE2 floating point, conversions and arithmetic
  CVTPI2PS_VPS_QQ("np 0f 2a /r", "cvtpi2ps +Vps,Qq", "", "@SSE sse mmx fp"),
  CVTPI2PD_VPD_QQ("66 0f 2a /r", "cvtpi2pd =Vpd,Qq", "", "@SSE2 sse mmx fp"),
  CVTSI2SS_VSS_EY("f3 0f 2a /r", "cvtsi2ss +Vss,Ey", "", "@SSE sse fp"),
  CVTSI2SD_VSD_EY("f2 0f 2a /r", "cvtsi2sd +Vsd,Ey", "", "@SSE2 sse fp"),
  CVTTPS2PI_PQ_WQ("np 0f 2c /r", "cvttps2pi =Pq,Wq", "", "@SSE sse mmx fp"),
  CVTTPD2PI_PQ_WPD("66 0f 2c /r", "cvttpd2pi =Pq,Wpd", "", "@SSE2 sse mmx fp"),
  CVTTSS2SI_GY_WSS("f3 0f 2c /r", "cvttss2si =Gy,Wss", "", "@SSE sse fp"),
  CVTTSD2SI_GY_WSD("f2 0f 2c /r", "cvttsd2si =Gy,Wsd", "", "@SSE2 sse fp"),
  CVTPS2PI_PQ_WQ("np 0f 2d /r", "cvtps2pi =Pq,Wq", "", "@SSE sse mmx fp"),
  CVTPD2PI_PQ_WPD("66 0f 2d /r", "cvtpd2pi =Pq,Wpd", "", "@SSE2 sse mmx fp"),
  CVTSS2SI_GY_WSS("f3 0f 2d /r", "cvtss2si =Gy,Wss", "", "@SSE sse fp"),
  CVTSD2SI_GY_WSD("f2 0f 2d /r", "cvtsd2si =Gy,Wsd", "", "@SSE2 sse fp"),
  UCOMISS_VSS_WSS("np 0f 2e /r", "ucomiss Vss,Wss", "wOSZAPC cOSA", "@SSE sse fp"),
  UCOMISD_VSD_WSD("66 0f 2e /r", "ucomisd Vsd,Wsd", "wOSZAPC cOSA", "@SSE2 sse fp"),
  COMISS_VSS_WSS("np 0f 2f /r", "comiss Vss,Wss", "wOSZAPC cOSA", "@SSE sse fp"),
  COMISD_VSD_WSD("66 0f 2f /r", "comisd Vsd,Wsd", "wOSZAPC cOSA", "@SSE2 sse fp"),
  SQRTPS_VPS_WPS("np 0f 51 /r", "sqrtps =Vps,Wps", "", "@SSE sse fp"),
  SQRTSS_VSS_WSS("f3 0f 51 /r", "sqrtss +Vss,Wss", "", "@SSE sse fp"),
  SQRTPD_VPD_WPD("66 0f 51 /r", "sqrtpd =Vpd,Wpd", "", "@SSE2 sse fp"),
  SQRTSD_VSD_WSD("f2 0f 51 /r", "sqrtsd +Vsd,Wsd", "", "@SSE2 sse fp"),
  RSQRTPS_VPS_WPS("np 0f 52 /r", "rsqrtps =Vps,Wps", "", "@SSE sse fp"),
  RSQRTSS_VSS_WSS("f3 0f 52 /r", "rsqrtss +Vss,Wss", "", "@SSE sse fp"),
  RCPPS_VPS_WPS("np 0f 53 /r", "rcpps =Vps,Wps", "", "@SSE sse fp"),
  RCPSS_VSS_WSS("f3 0f 53 /r", "rcpss +Vss,Wss", "", "@SSE sse fp"),
  ADDPS_VPS_WPS("np 0f 58 /r", "addps +Vps,Wps", "", "@SSE sse fp"),
  ADDSS_VSS_WSS("f3 0f 58 /r", "addss +Vss,Wss", "", "@SSE sse fp"),
  ADDPD_VPD_WPD("66 0f 58 /r", "addpd +Vpd,Wpd", "", "@SSE2 sse fp"),
  ADDSD_VSD_WSD("f2 0f 58 /r", "addsd +Vsd,Wsd", "", "@SSE2 sse fp"),
  MULPS_VPS_WPS("np 0f 59 /r", "mulps +Vps,Wps", "", "@SSE sse fp"),
  MULSS_VSS_WSS("f3 0f 59 /r", "mulss +Vss,Wss", "", "@SSE sse fp"),
  MULPD_VPD_WPD("66 0f 59 /r", "mulpd +Vpd,Wpd", "", "@SSE2 sse fp"),
  MULSD_VSD_WSD("f2 0f 59 /r", "mulsd +Vsd,Wsd", "", "@SSE2 sse fp"),
  SUBPS_VPS_WPS("np 0f 5c /r", "subps +Vps,Wps", "", "@SSE sse fp"),
  SUBSS_VSS_WSS("f3 0f 5c /r", "subss +Vss,Wss", "", "@SSE sse fp"),
  SUBPD_VPD_WPD("66 0f 5c /r", "subpd +Vpd,Wpd", "", "@SSE2 sse fp"),
  SUBSD_VSD_WSD("f2 0f 5c /r", "subsd +Vsd,Wsd", "", "@SSE2 sse fp"),
  MINPS_VPS_WPS("np 0f 5d /r", "minps +Vps,Wps", "", "@SSE sse fp"),
  MINSS_VSS_WSS("f3 0f 5d /r", "minss +Vss,Wss", "", "@SSE sse fp"),
  MINPD_VPD_WPD("66 0f 5d /r", "minpd +Vpd,Wpd", "", "@SSE2 sse fp"),
  MINSD_VSD_WSD("f2 0f 5d /r", "minsd +Vsd,Wsd", "", "@SSE2 sse fp"),
  DIVPS_VPS_WPS("np 0f 5e /r", "divps +Vps,Wps", "", "@SSE sse fp"),
  DIVSS_VSS_WSS("f3 0f 5e /r", "divss +Vss,Wss", "", "@SSE sse fp"),
  DIVPD_VPD_WPD("66 0f 5e /r", "divpd +Vpd,Wpd", "", "@SSE2 sse fp"),
  DIVSD_VSD_WSD("f2 0f 5e /r", "divsd +Vsd,Wsd", "", "@SSE2 sse fp"),
  MAXPS_VPS_WPS("np 0f 5f /r", "maxps +Vps,Wps", "", "@SSE sse fp"),
  MAXSS_VSS_WSS("f3 0f 5f /r", "maxss +Vss,Wss", "", "@SSE sse fp"),
  MAXPD_VPD_WPD("66 0f 5f /r", "maxpd +Vpd,Wpd", "", "@SSE2 sse fp"),
  MAXSD_VSD_WSD("f2 0f 5f /r", "maxsd +Vsd,Wsd", "", "@SSE2 sse fp"),
  ANDPS_VPS_WPS("np 0f 54 /r", "andps +Vps,Wps", "", "@SSE sse"),
  ANDPD_VPD_WPD("66 0f 54 /r", "andpd +Vpd,Wpd", "", "@SSE2 sse"),
  ANDNPS_VPS_WPS("np 0f 55 /r", "andnps +Vps,Wps", "", "@SSE sse"),
  ANDNPD_VPD_WPD("66 0f 55 /r", "andnpd +Vpd,Wpd", "", "@SSE2 sse"),
  ORPS_VPS_WPS("np 0f 56 /r", "orps +Vps,Wps", "", "@SSE sse"),
  ORPD_VPD_WPD("66 0f 56 /r", "orpd +Vpd,Wpd", "", "@SSE2 sse"),
  XORPS_VPS_WPS("np 0f 57 /r", "xorps +Vps,Wps", "", "@SSE sse"),
  XORPD_VPD_WPD("66 0f 57 /r", "xorpd +Vpd,Wpd", "", "@SSE2 sse"),
  CVTPS2PD_VPD_WQ("np 0f 5a /r", "cvtps2pd =Vpd,Wq", "", "@SSE2 sse fp"),
  CVTPD2PS_VPS_WPD("66 0f 5a /r", "cvtpd2ps =Vps,Wpd", "", "@SSE2 sse fp"),
  CVTSS2SD_VSD_WSS("f3 0f 5a /r", "cvtss2sd +Vsd,Wss", "", "@SSE2 sse fp"),
  CVTSD2SS_VSS_WSD("f2 0f 5a /r", "cvtsd2ss +Vss,Wsd", "", "@SSE2 sse fp"),
  CVTDQ2PS_VPS_WDQ("np 0f 5b /r", "cvtdq2ps =Vps,Wdq", "", "@SSE2 sse fp"),
  CVTPS2DQ_VDQ_WPS("66 0f 5b /r", "cvtps2dq =Vdq,Wps", "", "@SSE2 sse fp"),
  CVTTPS2DQ_VDQ_WPS("f3 0f 5b /r", "cvttps2dq =Vdq,Wps", "", "@SSE2 sse fp"),
  CVTTPD2DQ_VDQ_WPD("66 0f e6 /r", "cvttpd2dq =Vdq,Wpd", "", "@SSE2 sse fp"),
  CVTDQ2PD_VPD_WQ("f3 0f e6 /r", "cvtdq2pd =Vpd,Wq", "", "@SSE2 sse fp"),
  CVTPD2DQ_VDQ_WPD("f2 0f e6 /r", "cvtpd2dq =Vdq,Wpd", "", "@SSE2 sse fp"),
  HADDPD_VPD_WPD("66 0f 7c /r", "haddpd +Vpd,Wpd", "", "@SSE3 sse fp"),
  HADDPS_VPS_WPS("f2 0f 7c /r", "haddps +Vps,Wps", "", "@SSE3 sse fp"),
  HSUBPD_VPD_WPD("66 0f 7d /r", "hsubpd +Vpd,Wpd", "", "@SSE3 sse fp"),
  HSUBPS_VPS_WPS("f2 0f 7d /r", "hsubps +Vps,Wps", "", "@SSE3 sse fp"),
  ADDSUBPD_VPD_WPD("66 0f d0 /r", "addsubpd +Vpd,Wpd", "", "@SSE3 sse fp"),
  ADDSUBPS_VPS_WPS("f2 0f d0 /r", "addsubps +Vps,Wps", "", "@SSE3 sse fp"),
  CMPPS_VPS_WPS_IB("np 0f c2 /r", "cmpps +Vps,Wps,Ib", "", "@SSE sse fp"),
  CMPPD_VPD_WPD_IB("66 0f c2 /r", "cmppd +Vpd,Wpd,Ib", "", "@SSE2 sse fp"),
  CMPSS_VSS_WSS_IB("f3 0f c2 /r", "cmpss +Vss,Wss,Ib", "", "@SSE sse fp"),
  CMPSD_VSD_WSD_IB("f2 0f c2 /r", "cmpsd +Vsd,Wsd,Ib", "", "@SSE2 sse fp"),
  SHUFPS_VPS_WPS_IB("np 0f c6 /r", "shufps +Vps,Wps,Ib", "", "@SSE sse"),
  SHUFPD_VPD_WPD_IB("66 0f c6 /r", "shufpd +Vpd,Wpd,Ib", "", "@SSE2 sse"),
  // SSE4.1, SSE4.2, AES-NI, PCLMULQDQ
  PBLENDVB_VDQ_WDQ_XMM0("66 0f 38 10 /r", "pblendvb +Vdq,Wdq,XMM0", "", "@SSE4_1 sse"),
  BLENDVPS_VDQ_WDQ_XMM0("66 0f 38 14 /r", "blendvps +Vdq,Wdq,XMM0", "", "@SSE4_1 sse"),
  BLENDVPD_VDQ_WDQ_XMM0("66 0f 38 15 /r", "blendvpd +Vdq,Wdq,XMM0", "", "@SSE4_1 sse"),
  PTEST_VDQ_WDQ("66 0f 38 17 /r", "ptest Vdq,Wdq", "wOSZAPC cOSAP", "@SSE4_1 sse"),
  PMOVSXBW_VDQ_WQ("66 0f 38 20 /r", "pmovsxbw =Vdq,Wq", "", "@SSE4_1 sse"),
  PMOVSXBD_VDQ_WD("66 0f 38 21 /r", "pmovsxbd =Vdq,Wd", "", "@SSE4_1 sse"),
  PMOVSXBQ_VDQ_WW("66 0f 38 22 /r", "pmovsxbq =Vdq,Ww", "", "@SSE4_1 sse"),
  PMOVSXWD_VDQ_WQ("66 0f 38 23 /r", "pmovsxwd =Vdq,Wq", "", "@SSE4_1 sse"),
  PMOVSXWQ_VDQ_WD("66 0f 38 24 /r", "pmovsxwq =Vdq,Wd", "", "@SSE4_1 sse"),
  PMOVSXDQ_VDQ_WQ("66 0f 38 25 /r", "pmovsxdq =Vdq,Wq", "", "@SSE4_1 sse"),
  PMOVZXBW_VDQ_WQ("66 0f 38 30 /r", "pmovzxbw =Vdq,Wq", "", "@SSE4_1 sse"),
  PMOVZXBD_VDQ_WD("66 0f 38 31 /r", "pmovzxbd =Vdq,Wd", "", "@SSE4_1 sse"),
  PMOVZXBQ_VDQ_WW("66 0f 38 32 /r", "pmovzxbq =Vdq,Ww", "", "@SSE4_1 sse"),
  PMOVZXWD_VDQ_WQ("66 0f 38 33 /r", "pmovzxwd =Vdq,Wq", "", "@SSE4_1 sse"),
  PMOVZXWQ_VDQ_WD("66 0f 38 34 /r", "pmovzxwq =Vdq,Wd", "", "@SSE4_1 sse"),
  PMOVZXDQ_VDQ_WQ("66 0f 38 35 /r", "pmovzxdq =Vdq,Wq", "", "@SSE4_1 sse"),
  PMULDQ_VDQ_WDQ("66 0f 38 28 /r", "pmuldq +Vdq,Wdq", "", "@SSE4_1 sse"),
  PCMPEQQ_VDQ_WDQ("66 0f 38 29 /r", "pcmpeqq +Vdq,Wdq", "", "@SSE4_1 sse"),
  PACKUSDW_VDQ_WDQ("66 0f 38 2b /r", "packusdw +Vdq,Wdq", "", "@SSE4_1 sse"),
  PMINSB_VDQ_WDQ("66 0f 38 38 /r", "pminsb +Vdq,Wdq", "", "@SSE4_1 sse"),
  PMINSD_VDQ_WDQ("66 0f 38 39 /r", "pminsd +Vdq,Wdq", "", "@SSE4_1 sse"),
  PMINUW_VDQ_WDQ("66 0f 38 3a /r", "pminuw +Vdq,Wdq", "", "@SSE4_1 sse"),
  PMINUD_VDQ_WDQ("66 0f 38 3b /r", "pminud +Vdq,Wdq", "", "@SSE4_1 sse"),
  PMAXSB_VDQ_WDQ("66 0f 38 3c /r", "pmaxsb +Vdq,Wdq", "", "@SSE4_1 sse"),
  PMAXSD_VDQ_WDQ("66 0f 38 3d /r", "pmaxsd +Vdq,Wdq", "", "@SSE4_1 sse"),
  PMAXUW_VDQ_WDQ("66 0f 38 3e /r", "pmaxuw +Vdq,Wdq", "", "@SSE4_1 sse"),
  PMAXUD_VDQ_WDQ("66 0f 38 3f /r", "pmaxud +Vdq,Wdq", "", "@SSE4_1 sse"),
  PMULLD_VDQ_WDQ("66 0f 38 40 /r", "pmulld +Vdq,Wdq", "", "@SSE4_1 sse"),
  MOVNTDQA_VDQ_MDQ("66 0f 38 2a /rm", "movntdqa =Vdq,Mdq", "", "@SSE4_1 sse align"),
  PHMINPOSUW_VDQ_WDQ("66 0f 38 41 /r", "phminposuw =Vdq,Wdq", "", "@SSE4_1 sse"),
  PCMPGTQ_VDQ_WDQ("66 0f 38 37 /r", "pcmpgtq +Vdq,Wdq", "", "@SSE4_2 sse"),
  ROUNDPS_VPS_WPS_IB("66 0f 3a 08 /r", "roundps =Vps,Wps,Ib", "", "@SSE4_1 sse fp"),
  ROUNDPD_VPD_WPD_IB("66 0f 3a 09 /r", "roundpd =Vpd,Wpd,Ib", "", "@SSE4_1 sse fp"),
  ROUNDSS_VSS_WSS_IB("66 0f 3a 0a /r", "roundss +Vss,Wss,Ib", "", "@SSE4_1 sse fp"),
  ROUNDSD_VSD_WSD_IB("66 0f 3a 0b /r", "roundsd +Vsd,Wsd,Ib", "", "@SSE4_1 sse fp"),
  BLENDPS_VDQ_WDQ_IB("66 0f 3a 0c /r", "blendps +Vdq,Wdq,Ib", "", "@SSE4_1 sse"),
  BLENDPD_VDQ_WDQ_IB("66 0f 3a 0d /r", "blendpd +Vdq,Wdq,Ib", "", "@SSE4_1 sse"),
  PBLENDW_VDQ_WDQ_IB("66 0f 3a 0e /r", "pblendw +Vdq,Wdq,Ib", "", "@SSE4_1 sse"),
  MPSADBW_VDQ_WDQ_IB("66 0f 3a 42 /r", "mpsadbw +Vdq,Wdq,Ib", "", "@SSE4_1 sse"),
  DPPS_VPS_WPS_IB("66 0f 3a 40 /r", "dpps +Vps,Wps,Ib", "", "@SSE4_1 sse fp"),
  DPPD_VPD_WPD_IB("66 0f 3a 41 /r", "dppd +Vpd,Wpd,Ib", "", "@SSE4_1 sse fp"),
  PEXTRB_EDB_VDQ_IB("66 0f 3a 14 /r", "pextrb =Edb,Vdq,Ib", "", "@SSE4_1 sse"),
  PEXTRW_EDW_VDQ_IB("66 0f 3a 15 /r", "pextrw =Edw,Vdq,Ib", "", "@SSE4_1 sse"),
  PEXTRD_EY_VDQ_IB("66 0f 3a 16 /r", "pextrd|pextrd|pextrq =Ey,Vdq,Ib", "", "@SSE4_1 sse"),
  EXTRACTPS_ED_VDQ_IB("66 0f 3a 17 /r", "extractps =Ed,Vdq,Ib", "", "@SSE4_1 sse"),
  PINSRB_VDQ_EDB_IB("66 0f 3a 20 /r", "pinsrb +Vdq,Edb,Ib", "", "@SSE4_1 sse"),
  INSERTPS_VDQ_WD_IB("66 0f 3a 21 /r", "insertps +Vdq,Wd,Ib", "", "@SSE4_1 sse"),
  PINSRD_VDQ_EY_IB("66 0f 3a 22 /r", "pinsrd|pinsrd|pinsrq +Vdq,Ey,Ib", "", "@SSE4_1 sse"),
  PCMPESTRM_VDQ_WDQ_IB("66 0f 3a 60 /r", "pcmpestrm Vdq,Wdq,Ib", "wOSZAPC cAP", "@SSE4_2 sse <AX,DX"),
  PCMPESTRI_VDQ_WDQ_IB("66 0f 3a 61 /r", "pcmpestri Vdq,Wdq,Ib", "wOSZAPC cAP", "@SSE4_2 sse <AX,DX >CX"),
  PCMPISTRM_VDQ_WDQ_IB("66 0f 3a 62 /r", "pcmpistrm Vdq,Wdq,Ib", "wOSZAPC cAP", "@SSE4_2 sse"),
  PCMPISTRI_VDQ_WDQ_IB("66 0f 3a 63 /r", "pcmpistri Vdq,Wdq,Ib", "wOSZAPC cAP", "@SSE4_2 sse >CX"),
  AESIMC_VDQ_WDQ("66 0f 38 db /r", "aesimc =Vdq,Wdq", "", "@AES sse"),
  AESENC_VDQ_WDQ("66 0f 38 dc /r", "aesenc +Vdq,Wdq", "", "@AES sse"),
  AESENCLAST_VDQ_WDQ("66 0f 38 dd /r", "aesenclast +Vdq,Wdq", "", "@AES sse"),
  AESDEC_VDQ_WDQ("66 0f 38 de /r", "aesdec +Vdq,Wdq", "", "@AES sse"),
  AESDECLAST_VDQ_WDQ("66 0f 38 df /r", "aesdeclast +Vdq,Wdq", "", "@AES sse"),
  AESKEYGENASSIST_VDQ_WDQ_IB("66 0f 3a df /r", "aeskeygenassist =Vdq,Wdq,Ib", "", "@AES sse"),
  PCLMULQDQ_VDQ_WDQ_IB("66 0f 3a 44 /r", "pclmulqdq +Vdq,Wdq,Ib", "", "@PCLMULQDQ sse");

  /** RFLAGS.CF. */
  public static final int CF = 1;
  /** RFLAGS.PF. */
  public static final int PF = 1 << 2;
  /** RFLAGS.AF. */
  public static final int AF = 1 << 4;
  /** RFLAGS.ZF. */
  public static final int ZF = 1 << 6;
  /** RFLAGS.SF. */
  public static final int SF = 1 << 7;
  /** RFLAGS.OF. */
  public static final int OF = 1 << 11;
  private static final String LETTERS = "C P A ZSTIDO  N";
  private static final String[] REGISTERS = {"AX", "CX", "DX", "BX", "SP", "BP", "SI", "DI", "R8", "R9", "R10", "R11"};
  private static final int[] CONDITIONS = {1 << 8, 1 << 9, 1 << 10, 1 << 14};
  private static final Insn[] ALL = values();

  private final String encoding;
  private final String syntax;
  private final String flags;
  private final String properties;
  private Parts parts;

  Insn(String encoding, String syntax, String flags, String properties) {
    this.encoding = encoding;
    this.syntax = syntax;
    this.flags = flags;
    this.properties = properties;
  }

  /** The columns parsed, when they are asked for first; all fields final, so that threads may race. */
  private static final class Parts {
    final String[] mnemonics;
    final List<Operand> operands;
    final Form form;
    final int traits;
    final Feature feature;
    final int registersRead;
    final int registersWritten;
    final int flagsRead;
    final int flagsWritten;
    final int flagsCleared;
    final int flagsSet;
    final int flagsUndefined;

    Parts(Insn insn) {
      int space = insn.syntax.indexOf(' ');
      mnemonics = (space < 0 ? insn.syntax : insn.syntax.substring(0, space)).split("\\|");
      List<Operand> list = new ArrayList<>();
      if (space >= 0)
        for (String operand : insn.syntax.substring(space + 1).split(","))
          list.add(Operand.parse(operand));
      operands = List.copyOf(list);
      form = new Form(insn.encoding, operands);
      int bits = 0;
      Feature needed = null;
      int read = 0;
      int written = 0;
      for (String word : insn.properties.split(" "))
        if (word.startsWith("@"))
          needed = Feature.valueOf(word.substring(1));
        else if (word.startsWith("<"))
          read = registers(word);
        else if (word.startsWith(">"))
          written = registers(word);
        else
          bits |= trait(word);
      for (Operand operand : operands)
        switch (operand.kind()) {
        case E, M, Q, W, O, X, Y -> bits |= (operand.access().reads() ? 1 << Trait.READS_MEMORY.ordinal() : 0)
            | (operand.access().writes() ? 1 << Trait.WRITES_MEMORY.ordinal() : 0);
        default -> {
        }
        }
      traits = bits;
      feature = needed;
      registersRead = read;
      registersWritten = written;
      flagsRead = insn.flagBits('t');
      flagsWritten = insn.flagBits('w');
      flagsCleared = insn.flagBits('c');
      flagsSet = insn.flagBits('s');
      flagsUndefined = insn.flagBits('u');
    }

    private static int registers(String word) {
      int mask = 0;
      for (String name : word.substring(1).split(","))
        mask |= 1 << List.of(REGISTERS).indexOf(name);
      return mask;
    }

    private static int trait(String word) {
      if (word.isEmpty() || word.startsWith("sreg"))
        return 0;
      for (Trait trait : Trait.values())
        if (trait.token.equals(word))
          return 1 << trait.ordinal();
      throw new IllegalArgumentException(word);
    }
  }

  /** The forms by ordinal; not to be written to. */
  static Insn[] all() {
    return ALL;
  }

  private Parts parts() {
    Parts known = parts;
    if (known == null)
      parts = known = new Parts(this);
    return known;
  }

  Form form() {
    return parts().form;
  }

  int traitBits() {
    return parts().traits;
  }

  /** The encoding column. */
  public String encoding() {
    return encoding;
  }

  /** The mnemonic; of several, that of the smallest size. */
  public String mnemonic() {
    return parts().mnemonics[0];
  }

  /** The mnemonic for a size of 16, 32 or 64 bits. */
  public String mnemonic(int size) {
    String[] all = parts().mnemonics;
    return all[Math.min(all.length - 1, size >> 5)];
  }

  /** The operands, destination first. */
  public List<Operand> operands() {
    return parts().operands;
  }

  /** The feature it needs, or null. */
  public Feature feature() {
    return parts().feature;
  }

  /** Whether it has the property. */
  public boolean is(Trait trait) {
    return (parts().traits >>> trait.ordinal() & 1) != 0;
  }

  /** Its properties. */
  public Set<Trait> traits() {
    Set<Trait> set = EnumSet.noneOf(Trait.class);
    for (Trait trait : Trait.values())
      if (is(trait))
        set.add(trait);
    return set;
  }

  /** Whether it exists in a mode. */
  public boolean validIn(DecodeMode mode) {
    return mode == DecodeMode.LONG_64 ? !is(Trait.NOT_IN_64)
        : !is(Trait.ONLY_IN_64) && (mode != DecodeMode.REAL || !is(Trait.NOT_IN_REAL));
  }

  /** The RFLAGS bits it reads. */
  public int flagsRead() {
    return parts().flagsRead;
  }

  /** The RFLAGS bits it may change, with those it leaves undefined. */
  public int flagsWritten() {
    return parts().flagsWritten;
  }

  /** The RFLAGS bits it always clears. */
  public int flagsCleared() {
    return parts().flagsCleared;
  }

  /** The RFLAGS bits it always sets. */
  public int flagsSet() {
    return parts().flagsSet;
  }

  /** The RFLAGS bits that are undefined after it, whatever its operands; {@link #undefinedFlags(Instruction, int)} knows more. */
  public int flagsUndefined() {
    return parts().flagsUndefined;
  }

  /** The x87 status word's condition codes that it may change. */
  public int conditionsWritten() {
    return conditionBits('k') | conditionBits('q');
  }

  /** The x87 condition codes that are undefined after it. */
  public int conditionsUndefined() {
    return conditionBits('q');
  }

  /** The x87 condition codes that it always clears. */
  public int conditionsCleared() {
    return conditionBits('z');
  }

  /** The general registers it reads without naming them as operands: bit n is register n. */
  public int registersRead() {
    return parts().registersRead;
  }

  /** The general registers it may write without naming them as operands: bit n is register n. */
  public int registersWritten() {
    return parts().registersWritten;
  }

  /**
   * The RFLAGS bits that the SDM leaves undefined after an instruction of this form.
   *
   * @param count what a shift's or rotate's count operand held, not yet masked; else of no account
   */
  public int undefinedFlags(Instruction instruction, int count) {
    if (!is(Trait.SHIFT))
      return flagsUndefined();
    int size = size(instruction);
    int masked = count & (size == 64 ? 63 : 31);
    if (masked == 0)
      return 0;
    boolean twice = operands().size() == 3;
    if (twice && masked > size)
      return flagsWritten();
    boolean carry = !twice && masked >= size && (mnemonic().equals("shl") || mnemonic().equals("shr"));
    return flagsUndefined() | (masked == 1 ? 0 : OF) | (carry ? CF : 0);
  }

  /**
   * Whether the SDM leaves the destination undefined.
   *
   * @param source what the count of SHLD and SHRD, or the source of BSF and BSR, held, as an unsigned number of its size
   */
  public boolean undefinedResult(Instruction instruction, long source) {
    return switch (mnemonic()) {
      case "shld", "shrd" -> (source & (instruction.operandSize() == 64 ? 63 : 31)) > instruction.operandSize();
      case "bsf", "bsr" -> source == 0;
      case "bswap" -> instruction.operandSize() == 16;
      default -> false;
    };
  }

  private int size(Instruction instruction) {
    return operands().getFirst().size().equals("b") ? 8 : instruction.operandSize();
  }

  private int flagBits(char column) {
    int mask = 0;
    String word = word(column);
    for (int i = 0; i < word.length(); i++)
      mask |= 1 << LETTERS.indexOf(word.charAt(i));
    return mask;
  }

  private int conditionBits(char column) {
    int mask = 0;
    String word = word(column);
    for (int i = 0; i < word.length(); i++)
      mask |= CONDITIONS[word.charAt(i) - '0'];
    return mask;
  }

  private String word(char column) {
    for (String word : flags.split(" "))
      if (!word.isEmpty() && word.charAt(0) == column)
        return word.substring(1);
    return "";
  }
}
