// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

import java.util.HashMap;
import java.util.Map;

/**
 * Names of system registers, for disassembly, assembly and traces. Encodings are 16 bits: op0 in bits 15 and 14, op1 in 13 to
 * 11, CRn in 10 to 7, CRm in 6 to 3, op2 in 2 to 0, as {@link Fields#systemRegister} takes them from a word. Registers
 * outside ARMv8.0, virtualization host extensions, GICv3 and the identification space have no name here and are written
 * {@code s3_0_c1_c2_3}. Source: Arm ARM, D12 and D13; GICv3 specification, chapter 9.
 */
public final class SystemRegisterName {
  /** Name and hexadecimal encoding. */
  private static final String TABLE = """
            osdtrrx_el1=8002 mdccint_el1=8010 mdscr_el1=8012 osdtrtx_el1=801a oseccr_el1=8032 mdrar_el1=8080
            oslar_el1=8084 oslsr_el1=808c osdlr_el1=809c dbgprcr_el1=80a4 dbgclaimset_el1=83c6 dbgclaimclr_el1=83ce
            dbgauthstatus_el1=83f6 mdccsr_el0=9808 dbgdtr_el0=9820 dbgdtrrx_el0=9828 dbgvcr32_el2=a038 midr_el1=c000
            mpidr_el1=c005 revidr_el1=c006 id_pfr0_el1=c008 id_pfr1_el1=c009 id_dfr0_el1=c00a id_afr0_el1=c00b
            id_mmfr0_el1=c00c id_mmfr1_el1=c00d id_mmfr2_el1=c00e id_mmfr3_el1=c00f id_isar0_el1=c010 id_isar1_el1=c011
            id_isar2_el1=c012 id_isar3_el1=c013 id_isar4_el1=c014 id_isar5_el1=c015 id_mmfr4_el1=c016 id_isar6_el1=c017
            mvfr0_el1=c018 mvfr1_el1=c019 mvfr2_el1=c01a id_pfr2_el1=c01c id_dfr1_el1=c01d id_mmfr5_el1=c01e
            id_aa64pfr0_el1=c020 id_aa64pfr1_el1=c021 id_aa64zfr0_el1=c024 id_aa64dfr0_el1=c028 id_aa64dfr1_el1=c029
            id_aa64afr0_el1=c02c id_aa64afr1_el1=c02d id_aa64isar0_el1=c030 id_aa64isar1_el1=c031 id_aa64isar2_el1=c032
            id_aa64mmfr0_el1=c038 id_aa64mmfr1_el1=c039 id_aa64mmfr2_el1=c03a sctlr_el1=c080 actlr_el1=c081 cpacr_el1=c082
            ttbr0_el1=c100 ttbr1_el1=c101 tcr_el1=c102 spsr_el1=c200 elr_el1=c201 sp_el0=c208 spsel=c210 currentel=c212
            pan=c213 uao=c214 icc_pmr_el1=c230 afsr0_el1=c288 afsr1_el1=c289 esr_el1=c290 erridr_el1=c298 errselr_el1=c299
            erxfr_el1=c2a0 erxctlr_el1=c2a1 erxstatus_el1=c2a2 erxaddr_el1=c2a3 erxmisc0_el1=c2a8 erxmisc1_el1=c2a9
            far_el1=c300 par_el1=c3a0 pmintenset_el1=c4f1 pmintenclr_el1=c4f2 pmmir_el1=c4f6 mair_el1=c510 lorsa_el1=c520
            lorea_el1=c521 lorn_el1=c522 lorc_el1=c523 lorid_el1=c527 vbar_el1=c600 rvbar_el1=c601 rmr_el1=c602
            isr_el1=c608 disr_el1=c609 icc_iar0_el1=c640 icc_eoir0_el1=c641 icc_hppir0_el1=c642 icc_bpr0_el1=c643
            icc_ap0r0_el1=c644 icc_ap0r1_el1=c645 icc_ap0r2_el1=c646 icc_ap0r3_el1=c647 icc_ap1r0_el1=c648
            icc_ap1r1_el1=c649 icc_ap1r2_el1=c64a icc_ap1r3_el1=c64b icc_dir_el1=c659 icc_rpr_el1=c65b icc_sgi1r_el1=c65d
            icc_asgi1r_el1=c65e icc_sgi0r_el1=c65f icc_iar1_el1=c660 icc_eoir1_el1=c661 icc_hppir1_el1=c662
            icc_bpr1_el1=c663 icc_ctlr_el1=c664 icc_sre_el1=c665 icc_igrpen0_el1=c666 icc_igrpen1_el1=c667
            contextidr_el1=c681 tpidr_el1=c684 cntkctl_el1=c708 ccsidr_el1=c800 clidr_el1=c801 ccsidr2_el1=c802
            aidr_el1=c807 csselr_el1=d000 ctr_el0=d801 dczid_el0=d807 nzcv=da10 daif=da11 dit=da15 ssbs=da16 fpcr=da20
            fpsr=da21 dspsr_el0=da28 dlr_el0=da29 pmcr_el0=dce0 pmcntenset_el0=dce1 pmcntenclr_el0=dce2 pmovsclr_el0=dce3
            pmswinc_el0=dce4 pmselr_el0=dce5 pmceid0_el0=dce6 pmceid1_el0=dce7 pmccntr_el0=dce8 pmxevtyper_el0=dce9
            pmxevcntr_el0=dcea pmuserenr_el0=dcf0 pmovsset_el0=dcf3 tpidr_el0=de82 tpidrro_el0=de83 cntfrq_el0=df00
            cntpct_el0=df01 cntvct_el0=df02 cntp_tval_el0=df10 cntp_ctl_el0=df11 cntp_cval_el0=df12 cntv_tval_el0=df18
            cntv_ctl_el0=df19 cntv_cval_el0=df1a pmccfiltr_el0=df7f vpidr_el2=e000 vmpidr_el2=e005 sctlr_el2=e080
            actlr_el2=e081 hcr_el2=e088 mdcr_el2=e089 cptr_el2=e08a hstr_el2=e08b hacr_el2=e08f sder32_el2=e099
            ttbr0_el2=e100 ttbr1_el2=e101 tcr_el2=e102 vttbr_el2=e108 vtcr_el2=e10a dacr32_el2=e180 spsr_el2=e200
            elr_el2=e201 sp_el1=e208 spsr_irq=e218 spsr_abt=e219 spsr_und=e21a spsr_fiq=e21b ifsr32_el2=e281
            afsr0_el2=e288 afsr1_el2=e289 esr_el2=e290 vsesr_el2=e293 fpexc32_el2=e298 far_el2=e300 hpfar_el2=e304
            mair_el2=e510 vbar_el2=e600 rvbar_el2=e601 rmr_el2=e602 vdisr_el2=e609 ich_ap0r0_el2=e640 ich_ap0r1_el2=e641
            ich_ap0r2_el2=e642 ich_ap0r3_el2=e643 ich_ap1r0_el2=e648 ich_ap1r1_el2=e649 ich_ap1r2_el2=e64a
            ich_ap1r3_el2=e64b icc_sre_el2=e64d ich_hcr_el2=e658 ich_vtr_el2=e659 ich_misr_el2=e65a ich_eisr_el2=e65b
            ich_elrsr_el2=e65d ich_vmcr_el2=e65f contextidr_el2=e681 tpidr_el2=e682 cntvoff_el2=e703 cnthctl_el2=e708
            cnthp_tval_el2=e710 cnthp_ctl_el2=e711 cnthp_cval_el2=e712 cnthv_tval_el2=e718 cnthv_ctl_el2=e719
            cnthv_cval_el2=e71a cnthps_tval_el2=e728 cnthps_ctl_el2=e729 cnthps_cval_el2=e72a sctlr_el12=e880
            cpacr_el12=e882 ttbr0_el12=e900 ttbr1_el12=e901 tcr_el12=e902 spsr_el12=ea00 elr_el12=ea01 afsr0_el12=ea88
            afsr1_el12=ea89 esr_el12=ea90 far_el12=eb00 mair_el12=ed10 vbar_el12=ee00 contextidr_el12=ee81
            cntkctl_el12=ef08 cntp_tval_el02=ef10 cntp_ctl_el02=ef11 cntp_cval_el02=ef12 cntv_tval_el02=ef18
            cntv_ctl_el02=ef19 cntv_cval_el02=ef1a sctlr_el3=f080 actlr_el3=f081 scr_el3=f088 sder32_el3=f089
            cptr_el3=f08a mdcr_el3=f099 ttbr0_el3=f100 tcr_el3=f102 spsr_el3=f200 elr_el3=f201 sp_el2=f208 afsr0_el3=f288
            afsr1_el3=f289 esr_el3=f290 far_el3=f300 mair_el3=f510 vbar_el3=f600 rvbar_el3=f601 rmr_el3=f602
            icc_ctlr_el3=f664 icc_sre_el3=f665 icc_igrpen1_el3=f667 tpidr_el3=f682 cntps_tval_el1=ff10 cntps_ctl_el1=ff11
            cntps_cval_el1=ff12
            """;

  private static final Map<Integer, String> NAMES = new HashMap<>();
  private static final Map<String, Integer> ENCODINGS = new HashMap<>();

  static {
    for (String entry : TABLE.strip().split("\\s+")) {
      int equals = entry.indexOf('=');
      add(entry.substring(0, equals), Integer.parseInt(entry.substring(equals + 1), 16));
    }
    for (int n = 0; n < 16; n++) {
      add("dbgbvr" + n + "_el1", 0x8004 | n << 3);
      add("dbgbcr" + n + "_el1", 0x8005 | n << 3);
      add("dbgwvr" + n + "_el1", 0x8006 | n << 3);
      add("dbgwcr" + n + "_el1", 0x8007 | n << 3);
      add("ich_lr" + n + "_el2", 0xE660 | n);
    }
    for (int n = 0; n < 31; n++) {
      add("pmevcntr" + n + "_el0", 0xDF40 | n);
      add("pmevtyper" + n + "_el0", 0xDF60 | n);
    }
    // Written, the same place is the transmit register.
    ENCODINGS.put("dbgdtrtx_el0", ENCODINGS.get("dbgdtrrx_el0"));
  }

  private SystemRegisterName() {
  }

  private static void add(String name, int encoding) {
    NAMES.put(encoding, name);
    ENCODINGS.put(name, encoding);
  }

  /** The name, in small letters; {@code s3_0_c1_c2_3} where there is none. */
  public static String of(int encoding) {
    String name = NAMES.get(encoding);
    if (name != null)
      return name;
    return "s" + (encoding >>> 14 & 3) + "_" + (encoding >>> 11 & 7) + "_c" + (encoding >>> 7 & 15)
        + "_c" + (encoding >>> 3 & 15) + "_" + (encoding & 7);
  }

  /** The encoding of a name as {@link #of} writes it, or -1. */
  public static int encoding(String name) {
    Integer known = ENCODINGS.get(name);
    if (known != null)
      return known;
    if (!name.matches("s[0-3]_[0-7]_c([0-9]|1[0-5])_c([0-9]|1[0-5])_[0-7]"))
      return -1;
    String[] parts = name.substring(1).replace("c", "").split("_");
    return Integer.parseInt(parts[0]) << 14 | Integer.parseInt(parts[1]) << 11 | Integer.parseInt(parts[2]) << 7
        | Integer.parseInt(parts[3]) << 3 | Integer.parseInt(parts[4]);
  }
}
