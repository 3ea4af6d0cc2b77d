// SPDX-License-Identifier: EPL-2.0
/** The hypervisor's driver for the host bridge @VENDOR@,@NAME@. */
package @PACKAGE@;
