// SPDX-License-Identifier: EPL-2.0
/** The device @VENDOR@,@NAME@. */
package @PACKAGE@;
