// SPDX-License-Identifier: EPL-2.0
/** The host bridge @VENDOR@,@NAME@. */
package @PACKAGE@;
