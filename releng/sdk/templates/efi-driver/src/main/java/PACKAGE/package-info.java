// SPDX-License-Identifier: EPL-2.0
/** A layer of UEFI firmware: disks in flash, on nodes that are compatible with @VENDOR@,@NAME@ or cfi-flash. */
package @PACKAGE@;
