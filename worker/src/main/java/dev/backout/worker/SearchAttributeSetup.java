package dev.backout.worker;

import dev.backout.workflow.SearchFields;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds Backout's search attributes to a namespace where that is allowed; runs do without them. */
final class SearchAttributeSetup {
  private static final Logger LOG = LoggerFactory.getLogger(SearchAttributeSetup.class);

  private SearchAttributeSetup() {}

  static void attempt(WorkflowServiceStubs stubs, String namespace) {
    OperatorServiceStubs operator = OperatorServiceStubs.newServiceStubs(like(stubs.getOptions()));
    try {
      AddSearchAttributesRequest.Builder request =
          AddSearchAttributesRequest.newBuilder().setNamespace(namespace);
      for (String name : SearchFields.NAMES) {
        request.putSearchAttributes(name, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD);
      }
      var unused = operator.blockingStub().addSearchAttributes(request.build());
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.ALREADY_EXISTS) {
        LOG.info(
            "Search attributes were not added ({}). Runs do without them unless somebody adds {} of type Keyword.",
            e.getStatus(),
            SearchFields.NAMES);
      }
    } finally {
      operator.shutdownNow();
    }
  }

  private static OperatorServiceStubsOptions like(WorkflowServiceStubsOptions options) {
    return OperatorServiceStubsOptions.newBuilder()
        .setTarget(options.getTarget())
        .setHeaders(options.getHeaders())
        .setSslContext(options.getSslContext())
        .setEnableHttps(options.getEnableHttps())
        .setGrpcMetadataProviders(options.getGrpcMetadataProviders())
        .validateAndBuildWithDefaults();
  }
}
