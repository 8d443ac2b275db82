// A small Relay app: what it asks for is compiled against the SDL, and never run.
import { graphql } from "react-relay";

export const page = graphql`
  query studioQuery($search: String) {
    viewer {
      ...studio_generations
    }
    ...studio_gallery @arguments(search: $search)
  }
`;

export const generations = graphql`
  fragment studio_generations on User
  @refetchable(queryName: "studioGenerationsPaginationQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
    generations(first: $first, after: $after) @connection(key: "studio_generations") {
      edges {
        node {
          id
          status
          images {
            url(variant: SMALL)
          }
        }
      }
    }
  }
`;

export const gallery = graphql`
  fragment studio_gallery on Query
  @refetchable(queryName: "studioGalleryPaginationQuery")
  @argumentDefinitions(
    first: { type: "Int", defaultValue: 20 }
    after: { type: "String" }
    search: { type: "String" }
  ) {
    gallery(first: $first, after: $after, search: $search) @connection(key: "studio_gallery", filters: ["search"]) {
      edges {
        node {
          prompt
          author {
            displayName
          }
        }
      }
    }
  }
`;

// The SDL's @semanticNonNull: null comes with an error only, so what is caught is an error, or a payload and never null.
export const create = graphql`
  mutation studioCreateMutation($input: CreateGenerationInput!, $connections: [ID!]!) {
    createGeneration(input: $input) @catch {
      generation @prependNode(connections: $connections, edgeTypeName: "GenerationEdge") {
        id
      }
      errors {
        __typename
        code
        message
        path
      }
    }
  }
`;

export const detail = graphql`
  query studioDetailQuery($id: ID!) {
    node(id: $id) @catch {
      ... on Generation {
        prompt
        estimatedFinishAt
      }
    }
  }
`;

export const progress = graphql`
  subscription studioProgressSubscription($id: ID!, $after: String) {
    generationProgress(id: $id, after: $after) {
      cursor
      type
      progress
      preview
      generation {
        id
        status
      }
    }
  }
`;
