package dev.backout.signature;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;

/** NIST's curves. That a point lies on its curve is checked here: the JDK takes any point. */
enum Curve {
  P256("nistp256", "secp256r1", "SHA256withECDSA"),
  P384("nistp384", "secp384r1", "SHA384withECDSA"),
  P521("nistp521", "secp521r1", "SHA512withECDSA");

  final String name;
  final String signatureAlgorithm;
  private final String javaName;

  Curve(String name, String javaName, String signatureAlgorithm) {
    this.name = name;
    this.javaName = javaName;
    this.signatureAlgorithm = signatureAlgorithm;
  }

  static Curve of(KeyType type) {
    return switch (type) {
      case ECDSA_384 -> P384;
      case ECDSA_521 -> P521;
      default -> P256;
    };
  }

  BigInteger order() {
    return parameters().getOrder();
  }

  private ECParameterSpec parameters() {
    try {
      AlgorithmParameters found = AlgorithmParameters.getInstance("EC");
      found.init(new ECGenParameterSpec(javaName));
      return found.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + javaName, e);
    }
  }

  PublicKey key(byte[] point) throws Flaw, GeneralSecurityException {
    ECParameterSpec parameters = parameters();
    int width = (parameters.getCurve().getField().getFieldSize() + 7) / 8;
    if (point.length != 1 + 2 * width || point[0] != 4) {
      throw new Flaw("Its key holds no uncompressed point of " + name + ".");
    }
    BigInteger x = new BigInteger(1, Arrays.copyOfRange(point, 1, 1 + width));
    BigInteger y = new BigInteger(1, Arrays.copyOfRange(point, 1 + width, point.length));
    if (!isOnCurve(parameters, x, y)) {
      throw new Flaw("Its key's point does not lie on " + name + ".");
    }
    return KeyFactory.getInstance("EC")
        .generatePublic(new ECPublicKeySpec(new ECPoint(x, y), parameters));
  }

  private static boolean isOnCurve(ECParameterSpec parameters, BigInteger x, BigInteger y) {
    BigInteger p = ((ECFieldFp) parameters.getCurve().getField()).getP();
    BigInteger right =
        x.pow(3).add(parameters.getCurve().getA().multiply(x)).add(parameters.getCurve().getB());
    return x.compareTo(p) < 0
        && y.compareTo(p) < 0
        && y.pow(2).subtract(right).mod(p).signum() == 0;
  }
}
