// SPDX-License-Identifier: EPL-2.0
/** Where what a machine holds comes from. */
package org.xenolith.origin;
