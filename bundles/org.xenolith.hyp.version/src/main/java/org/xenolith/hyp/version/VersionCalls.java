// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.version;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.AccessControlPort;
import org.xenolith.hyp.api.ArchitectureFacts;
import org.xenolith.hyp.api.ArchitectureFactsPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.hyp.kit.SubOperations;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.CompileInfo;
import org.xenolith.xen.abi.FeatureInfo;
import org.xenolith.xen.abi.PlatformParameters;
import org.xenolith.xen.abi.VersionOp;
import org.xenolith.xen.abi.XenErrno;
import org.xenolith.xen.abi.XenFeature;

/** The sub-operations of hypercall 17, xen_version. Texts are written as they are. */
final class VersionCalls {
  /** Sizes of the texts in the public header {@code version.h}. */
  private static final int EXTRA_VERSION_BYTES = 16;
  private static final int CAPABILITIES_BYTES = 1024;
  private static final int CHANGESET_BYTES = 64;
  private static final int COMMAND_LINE_BYTES = 1024;
  private static final int HANDLE_BYTES = 16;
  /** In {@code xen_build_id} the bytes follow a 32-bit length. */
  private static final int BUILD_ID_BYTES = 4;
  private static final int PAGE_SIZE = 4096;
  /** What is said to whom may not know. */
  private static final String DENIED = "<denied>";

  /** Of all guests whose memory the hypervisor translates; there are no others here. */
  private static final int COMMON_FEATURES = 1 << XenFeature.XENFEAT_writable_page_tables
      | 1 << XenFeature.XENFEAT_auto_translated_physmap | 1 << XenFeature.XENFEAT_memory_op_vnode_supported;

  private final AccessControlPort access;
  private final String commandLine;
  private final ArchitectureFacts architecture;
  private final boolean strict;
  private final byte[] buffer = new byte[CAPABILITIES_BYTES];
  private final AbiBytes bytes = new AbiBytes(buffer);

  private VersionCalls(DeviceContext context) {
    access = context.port(AccessControlPort.class);
    commandLine = context.options().text(VersionComponent.COMMAND_LINE);
    strict = context.options().flag(VersionComponent.STRICT_XEN);
    architecture = context.port(ArchitectureFactsPort.class);
  }

  static SubOperations of(DeviceContext context) {
    VersionCalls c = new VersionCalls(context);
    return new SubOperations(context).add(
        SubOperation.of(VersionOp.XENVER_version, "version", call -> (long) BuildFacts.MAJOR << 16 | BuildFacts.MINOR),
        SubOperation.of(VersionOp.XENVER_extraversion, "extraversion",
            call -> c.answer(call, BuildFacts.EXTRA_VERSION, EXTRA_VERSION_BYTES)),
        SubOperation.of(VersionOp.XENVER_compile_info, "compile_info", c::compileInfo),
        SubOperation.of(VersionOp.XENVER_capabilities, "capabilities", call -> c.answer(call, c.architecture.capabilities(),
            CAPABILITIES_BYTES)),
        SubOperation.of(VersionOp.XENVER_changeset, "changeset", call -> c.answer(call, BuildFacts.CHANGESET, CHANGESET_BYTES)),
        SubOperation.of(VersionOp.XENVER_platform_parameters, "platform_parameters", new PlatformParameters(), (call, parameters,
            caller) -> {
          parameters.virtStart(c.architecture.virtualStart());
          return 0;
        }).gives(),
        SubOperation.of(VersionOp.XENVER_get_features, "get_features", new FeatureInfo(), c::features).answers(),
        SubOperation.of(VersionOp.XENVER_pagesize, "pagesize", call -> call.argument(1) != 0 ? -XenErrno.XEN_EINVAL : PAGE_SIZE),
        SubOperation.of(VersionOp.XENVER_guest_handle, "guest_handle", c::handle),
        SubOperation.of(VersionOp.XENVER_commandline, "commandline",
            call -> c.answer(call, c.mayKnow(call) ? c.commandLine : DENIED, COMMAND_LINE_BYTES)),
        SubOperation.of(VersionOp.XENVER_build_id, "build_id", c::buildId).needs(Privilege.CONTROL));
  }

  private BuildFacts facts() {
    return strict ? BuildFacts.debian(architecture.capabilities()) : BuildFacts.OURS;
  }

  /** Some of it only control domains may know; the rest is for everybody. */
  private boolean mayKnow(Hypercall call) {
    return access.allowed(call.domain(), Privilege.CONTROL, call.domain());
  }

  private int out(Hypercall call, int size) {
    return call.write(call.argument(1), buffer, 0, size) ? 0 : -XenErrno.XEN_EFAULT;
  }

  private int answer(Hypercall call, String text, int size) {
    put(text, 0, size);
    return out(call, size);
  }

  /** Puts a text of at most {@code size} bytes with its terminating zero, and zeros behind it. */
  private void put(String text, int at, int size) {
    byte[] ascii = text.getBytes(StandardCharsets.ISO_8859_1);
    Arrays.fill(buffer, at, at + size, (byte) 0);
    System.arraycopy(ascii, 0, buffer, at, Math.min(ascii.length, size - 1));
  }

  private long compileInfo(Hypercall call) {
    BuildFacts facts = facts();
    put(facts.compiler(), CompileInfo.COMPILER, CompileInfo.COMPILER_BYTES);
    put(facts.compiledBy(), CompileInfo.COMPILE_BY, CompileInfo.COMPILE_BY_BYTES);
    put(facts.compileDomain(), CompileInfo.COMPILE_DOMAIN, CompileInfo.COMPILE_DOMAIN_BYTES);
    put(facts.compileDate(), CompileInfo.COMPILE_DATE, CompileInfo.COMPILE_DATE_BYTES);
    return out(call, CompileInfo.SIZE);
  }

  private long features(Hypercall call, FeatureInfo features, Domain domain) {
    if (features.submapIdx() != 0) {
      return -XenErrno.XEN_EINVAL;
    }
    int hardware = domain.kind() == DomainSpec.Kind.DOM0 ? 1 << XenFeature.XENFEAT_dom0 : 0;
    int mapped = 1 << (domain.directMapped() ? XenFeature.XENFEAT_direct_mapped : XenFeature.XENFEAT_not_direct_mapped);
    features.submap(COMMON_FEATURES | architecture.features(domain) | hardware | mapped);
    return 0;
  }

  private long handle(Hypercall call) {
    UUID handle = call.domain().handle();
    // a handle's bytes are in the order in which they are printed
    bytes.write64(0, Long.reverseBytes(handle.getMostSignificantBits()));
    bytes.write64(8, Long.reverseBytes(handle.getLeastSignificantBits()));
    return out(call, HANDLE_BYTES);
  }

  /** Without an address: its length only. A hypervisor that was linked without an identifier says that there is no data. */
  private long buildId(Hypercall call) {
    byte[] id = facts().buildId();
    if (id.length == 0) {
      return -XenErrno.XEN_ENODATA;
    }
    long at = call.argument(1);
    if (at == 0) {
      return id.length;
    }
    if (!call.read(at, buffer, 0, BUILD_ID_BYTES)) {
      return -XenErrno.XEN_EFAULT;
    }
    int room = bytes.read32(0);
    if (room == 0) {
      return -XenErrno.XEN_EINVAL;
    }
    if (Integer.compareUnsigned(room, id.length) < 0) {
      return -XenErrno.XEN_ENOBUFS;
    }
    return call.write(at + BUILD_ID_BYTES, id, 0, id.length) ? id.length : -XenErrno.XEN_EFAULT;
  }
}
